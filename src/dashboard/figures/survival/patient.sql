-- One row per patient of the cohort and origin of one endpoint: when followed, how it ended, and the group by then.
-- Of an endpoint per line the line asked for counts, without one the line at enrolment. A patient without an origin
-- is a row of status NOT_AT_RISK; where its day 0 is $first_day, a detected baseline draw or the first dose of the class
-- the study follows, the rule says why there is none. A group recorded more than $grace_days after the patient joined is
-- not known then.
with cohort as (
    select * from usable_patient where enrolled_on is not null /* and cohort */
),

asked as (
    select
        time_to_event.*, endpoint.per,
        greatest(time_to_event.origin_on, coalesce(time_to_event.entry_on, time_to_event.origin_on)) as joined_on
    from time_to_event
    inner join endpoint on time_to_event.endpoint_id = endpoint.endpoint_id
    left join patient_summary on time_to_event.patient_id = patient_summary.patient_id
    where
        time_to_event.endpoint_id = $endpoint
        and (
            endpoint.per <> 'line' or time_to_event.line is null
            or time_to_event.line = coalesce(cast($line as integer), patient_summary.index_line, 1)
        )
),

after_induction as (
    select patient_id from line_of_therapy where is_after_induction
),

unassessed as (
    select patient_id, source_table, source_key
    from overall_response
    where is_unassessed
),

followed as (
    select
        cohort.patient_id, asked.origin_no, asked.line, asked.lesion_id, asked.origin_on, asked.entry_on, asked.joined_on,
        asked.ended_on, coalesce(asked.status, 'NOT_AT_RISK') as status,
        case
            when coalesce(asked.rule, 'NO_ORIGIN') <> 'NO_ORIGIN' then asked.rule
            when cast($first_day as varchar) = 'class_start_without_induction' and after_induction.patient_id is not null
                then 'AFTER_INDUCTION'
            when cast($first_day as varchar) = 'detected_baseline' then coalesce(flow.without_baseline, 'NO_ORIGIN')
            else 'NO_ORIGIN'
        end as rule,
        asked.cause, asked.duration_days, coalesce(asked.entry_days, 0) as entry_days,
        coalesce(asked.line = 1 and after_induction.patient_id is not null, false) as is_after_induction,
        scan.patient_id is not null as is_unreported
    from cohort
    left join asked on cohort.patient_id = asked.patient_id
    left join pair_flow as flow on cohort.patient_id = flow.patient_id
    left join after_induction on cohort.patient_id = after_induction.patient_id
    left join unassessed as scan
        on
            asked.patient_id = scan.patient_id and asked.end_source_table = scan.source_table
            and asked.end_source_key = scan.source_key
),

grouped as (
    select
        patient_id, cast(null as date) as known_on, 'patient' as source,
        case cast($group_name as varchar)
            when 'sex' then sex when 'tumour_type' then tumour_type when 'stage' then stage when 'site_id' then site_id
            when 'diagnosis' then diagnosis when 'histology' then histology when 'icd10' then icd10
            when 'ned_basis' then ned_basis
        end as value
    from cohort
    union all
    select
        patient_summary.patient_id, line_of_therapy.started_on, 'index_line',
        case cast($group_name as varchar)
            when 'line' then cast(patient_summary.enrolment_line as varchar) when 'drug_class' then line_of_therapy.drug_class
        end
    from patient_summary
    inner join line_of_therapy
        on patient_summary.patient_id = line_of_therapy.patient_id and patient_summary.enrolment_line = line_of_therapy.line
    union all
    select patient_id, started_on, 'local_course', group_code from local_course where course = 1
    union all
    select patient_id, measured_on, 'measurement', cast(cast(value as integer) as varchar)
    from usable_measurement
    where name = cast($group_name as varchar)
    union all
    select patient_id, recorded_on, 'characteristic', value
    from usable_characteristic
    where name = cast($group_name as varchar)
),

known as (
    select
        followed.patient_id, followed.origin_no, grouped.value,
        row_number() over (
            partition by followed.patient_id, followed.origin_no
            order by grouped.known_on desc nulls last, grouped.value nulls last
        ) as place
    from followed
    inner join grouped on followed.patient_id = grouped.patient_id
    where
        grouped.source = cast($group_source as varchar) and grouped.value is not null
        and (
            grouped.known_on is null or followed.joined_on is null
            or date_diff('day', followed.joined_on, grouped.known_on) <= $grace_days
        )
),

later as (
    select distinct patient_id from grouped
    where source = cast($group_source as varchar) and value is not null
),

final as (
    select
        followed.*, known.value as group_value,
        known.value is null and later.patient_id is not null and followed.status <> 'NOT_AT_RISK' as is_known_later
    from followed
    left join known
        on followed.patient_id = known.patient_id and followed.origin_no = known.origin_no and known.place = 1
    left join later on followed.patient_id = later.patient_id
)

select * from final order by patient_id, origin_no
