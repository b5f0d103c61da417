-- One row per patient of the cohort: time and event of one outcome as the source reports them, and the group by day 0.
-- Columns as in patient.sql, the dates empty: the source gives a time and no day. A month has the days the
-- source says, else 30.4375. Only what has no date, or one up to $grace_days after enrolment, is known on day 0; a group
-- the study states as known then ($is_known_then) needs no date.
with cohort as (
    select * from usable_patient where enrolled_on is not null /* and cohort */
),

reported as (
    select
        patient_id, event_observed,
        cast(time_value as double) * case time_unit
            when 'day' then 1
            when 'week' then 7
            when 'month' then cast(coalesce(days_per_month, 30.4375) as double)
            when 'year' then 365.25
        end as days
    from usable_reported_outcome
    where outcome = $outcome
),

judged as (
    select
        cohort.patient_id, cohort.enrolled_on, reported.days, reported.event_observed,
        case
            when reported.patient_id is null then 'NOT_REPORTED'
            when reported.days is null or reported.days < 0 or reported.event_observed is null then 'NO_TIME_REPORTED'
            else 'AS_REPORTED'
        end as rule
    from cohort
    left join reported on cohort.patient_id = reported.patient_id
),

grouped as (
    select
        patient_id, cast(null as date) as known_on, 'patient' as source,
        case cast($group_name as varchar)
            when 'sex' then sex when 'tumour_type' then tumour_type when 'stage' then stage when 'site_id' then site_id
            when 'diagnosis' then diagnosis when 'histology' then histology when 'icd10' then icd10
        end as value
    from cohort
    union all
    select patient_id, recorded_on, 'characteristic', value
    from usable_characteristic
    where name = cast($group_name as varchar)
),

known as (
    select
        judged.patient_id, grouped.value,
        $is_known_then or grouped.known_on is null
        or date_diff('day', judged.enrolled_on, grouped.known_on) <= $grace_days as is_known
    from judged
    inner join grouped on judged.patient_id = grouped.patient_id
    where grouped.source = cast($group_source as varchar) and grouped.value is not null
),

final as (
    select
        judged.patient_id, 1 as origin_no, cast(null as integer) as line, cast(null as varchar) as lesion_id,
        cast(null as date) as origin_on, cast(null as date) as entry_on, cast(null as date) as joined_on,
        cast(null as date) as ended_on,
        case
            when judged.rule <> 'AS_REPORTED' then 'NOT_AT_RISK'
            when judged.event_observed then 'EVENT'
            else 'CENSORED'
        end as status,
        judged.rule, cast(null as varchar) as cause,
        case when judged.rule = 'AS_REPORTED' then judged.days end as duration_days, 0 as entry_days,
        case when known.is_known then known.value end as group_value,
        not coalesce(known.is_known, true) and judged.rule = 'AS_REPORTED' as is_known_later,
        false as is_after_induction, false as is_unreported
    from judged
    left join known on judged.patient_id = known.patient_id
)

select * from final order by patient_id
