-- One row per patient, reason to look (clinical-decisions A33, in its order) and record it rests on.
-- Judged on the last observed day. Number 11 rests on meetings alone and stands only in the workflow database.
with patient as (
    select * from reason_to_look_patient
),

-- Number 1: whether a decision was recorded is asked of the workflow rows, not here.
progression as (
    select
        response.*,
        row_number() over (
            partition by response.patient_id order by response.assessor nulls last, response.source_key nulls last
        ) as place
    from overall_response as response
    inner join patient on response.patient_id = patient.patient_id and response.assessed_on = patient.progressed_on
    where response.response = 'PD'
),

assessment as (
    select
        response.*,
        row_number() over (
            partition by response.patient_id
            order by response.assessed_on desc nulls last, response.source_key desc nulls last
        ) as place
    from overall_response as response
    inner join patient on response.patient_id = patient.patient_id
    where
        response.response is not null and response.reported is not null and response.calculated is not null
        and not coalesce(response.is_baseline, false)
        and (patient.treated_on is null or response.assessed_on > patient.treated_on)
),

line as (
    select
        line_of_therapy.*,
        row_number() over (partition by line_of_therapy.patient_id order by line_of_therapy.line desc nulls last) as place
    from line_of_therapy
    inner join patient on line_of_therapy.patient_id = patient.patient_id
    where line_of_therapy.started_on <= patient.observed_until
),

followed as (
    select distinct line.patient_id
    from line
    inner join treatment_episode as next_one
        on
            line.patient_id = next_one.patient_id and next_one.started_on >= line.ended_on
            and next_one.started_on > line.started_on
    where
        line.place = 1 and next_one.part_of is null
        and coalesce(next_one.drug_class, 'unknown') <> 'supportive'
        and coalesce(next_one.intent, 'unknown') <> 'supportive'
),

-- Number 12: the last line ended, and nothing followed for longer than the limit.
stopped as (
    select line.patient_id, line.ended_on, line.stop_reason, line.source_key, patient.observed_until
    from line
    inner join patient on line.patient_id = patient.patient_id
    cross join study
    left join followed on line.patient_id = followed.patient_id
    where
        line.place = 1 and line.ended_on is not null and not coalesce(line.is_ongoing, false)
        and followed.patient_id is null
        and date_diff('day', line.ended_on, patient.observed_until) > study.no_next_step_days
),

row_of_reason as (
    select * from reason_to_look_ctdna
    union all
    select
        progression.patient_id, 1, progression.assessed_on, 'response', patient.last_imaging_on, 'response',
        date_diff('day', progression.assessed_on, patient.observed_until), null, null, true, progression.response,
        null, null, null, null, null, null, null, coalesce(progression.progression_pattern, progression.basis), null,
        progression.source_key
    from progression
    inner join patient on progression.patient_id = patient.patient_id
    -- A progression that ended its treatment so long ago is not new: the patient stands under number 12.
    left join stopped
        on progression.patient_id = stopped.patient_id and progression.assessed_on <= stopped.ended_on
    where progression.place = 1 and stopped.patient_id is null
    union all
    select
        patient.patient_id, 6, coalesce(patient.last_imaging_on, patient.watched_since),
        case when patient.last_imaging_on is null then 'treatment' else 'response' end, patient.observed_until, null,
        date_diff('day', coalesce(patient.last_imaging_on, patient.watched_since), patient.observed_until), null, null,
        true, null, null, null, null, null, null, null, null,
        case when patient.last_imaging_on is null then 'NEVER_IMAGED' else 'IMAGED' end, null, patient.patient_id
    from patient
    cross join study
    where
        patient.watched_since is not null
        and date_diff('day', coalesce(patient.last_imaging_on, patient.watched_since), patient.observed_until)
        > study.imaging_overdue_days
    union all
    select
        assessment.patient_id, 10, assessment.assessed_on, 'response', patient.last_imaging_on, 'response',
        date_diff('day', assessment.assessed_on, patient.observed_until), null, null, true, assessment.reported, null,
        null, null, null, null, null, null, assessment.calculated, null, assessment.source_key
    from assessment
    inner join patient on assessment.patient_id = patient.patient_id
    cross join study
    where assessment.place = 1 and assessment.differs_in_pd and study.response_mode = 'recist'
    union all
    select
        patient_id, 12, ended_on, 'treatment', observed_until, null, date_diff('day', ended_on, observed_until), null,
        null, true, null, null, null, null, null, null, null, null, stop_reason, null, source_key
    from stopped
),

-- The progression that number 4 rests on, and whether it only repeats an earlier one.
paired_progression as (
    select reason.patient_id, response.assessed_on, response.progression_pattern, response.first_called_on
    from reason_to_look_ctdna as reason
    inner join overall_response as response
        on
            reason.patient_id = response.patient_id and reason.source_key = response.source_key
            and reason.occurred_on = response.assessed_on and response.response = 'PD'
    where reason.reason_no = 4
),

-- What may explain a progression without detected ctDNA, to be checked (A33 number 4, A34): the sites seen then.
site_of_progression as (
    select
        paired.patient_id,
        count(distinct lesion.organ) as n_organs,
        max(lesion.organ) as organ
    from usable_lesion as lesion
    inner join paired_progression as paired
        on lesion.patient_id = paired.patient_id and lesion.assessed_on = paired.assessed_on
    where coalesce(lesion.state, 'measured') <> 'absent' and coalesce(lesion.diameter_mm, 1) > 0
    group by paired.patient_id
),

bone_only as (
    select bone.patient_id
    from bone_only_progression as bone
    inner join paired_progression as paired
        on bone.patient_id = paired.patient_id and bone.assessed_on = paired.assessed_on
),

partial_scan as (
    select patient_id, day_on, precise_to from partial_day where subject = 'response'
),

named as (
    select
        row_of_reason.*, patient.site_id, patient.observed_until, patient.last_imaging_on,
        case reason_no
            when 1 then 'PD_NO_DECISION' when 2 then 'DETECTED_NO_IMAGING' when 3 then 'RISING_NOT_PD'
            when 4 then 'PD_NOT_DETECTED' when 5 then 'DETECTED_IN_RESPONSE' when 6 then 'NO_IMAGING'
            when 7 then 'FAILED_NO_REDRAW' when 8 then 'RESULT_PENDING' when 9 then 'NEW_VARIANT'
            when 10 then 'RESPONSE_DIFFERS' when 12 then 'STOPPED_NO_NEXT_STEP'
        end as reason,
        case
            when reason_no in (2, 3, 5, 7, 8) then 'ctdna_sample'
            when reason_no in (1, 4, 10) then 'response'
            when reason_no = 9 then 'variant'
            when reason_no = 12 then 'treatment'
            else 'patient'
        end as source_table,
        paired_progression.progression_pattern,
        case when reason_no = 4 then paired_progression.first_called_on end as first_called_on,
        lower(coalesce(person.histology, '')) as histology,
        case when site_of_progression.n_organs = 1 then site_of_progression.organ end as only_organ,
        bone_only.patient_id is not null as is_bone_only
    from row_of_reason
    inner join patient on row_of_reason.patient_id = patient.patient_id
    inner join usable_patient as person on row_of_reason.patient_id = person.patient_id
    left join paired_progression on row_of_reason.patient_id = paired_progression.patient_id
    left join site_of_progression on row_of_reason.patient_id = site_of_progression.patient_id
    left join bone_only on row_of_reason.patient_id = bone_only.patient_id
),

final as (
    select
        cast(named.patient_id as varchar) as patient_id,
        cast(site_id as varchar) as site_id,
        cast(reason_no as integer) as reason_no,
        cast(reason as varchar) as reason,
        cast(occurred_on as date) as occurred_on,
        cast(occurred.precise_to as varchar) as occurred_precision,
        cast(compared_on as date) as compared_on,
        cast(compared.precise_to as varchar) as compared_precision,
        cast(n_days as integer) as n_days,
        cast(gap_days as integer) as gap_days,
        cast(window_rule as varchar) as window_rule,
        cast(is_met as boolean) as is_met,
        cast(response as varchar) as response,
        cast(first_called_on as date) as first_called_on,
        cast(first_called.precise_to as varchar) as first_called_precision,
        cast(from_status as varchar) as from_status,
        cast(from_level_sum as decimal(28, 12)) as from_level_sum,
        cast(from_level_n as bigint) as from_level_n,
        cast(to_status as varchar) as to_status,
        cast(to_level_sum as decimal(28, 12)) as to_level_sum,
        cast(to_level_n as bigint) as to_level_n,
        cast(quantity_kind as varchar) as quantity_kind,
        cast(detail as varchar) as detail,
        cast(reason_no = 4 and coalesce(progression_pattern, '') = 'cns' as boolean) as is_cns_progression,
        cast(reason_no = 4 and is_bone_only as boolean) as is_bone_only,
        cast(reason_no = 4 and coalesce(only_organ, '') = 'lung' as boolean) as is_lung_only,
        cast(reason_no = 4 and coalesce(only_organ, '') = 'peritoneum' as boolean) as is_peritoneum_only,
        cast(reason_no = 4 and coalesce(progression_pattern, '') = 'in_field' as boolean) as is_local_only,
        cast(reason_no = 4 and (histology like '%mucinous%' or histology like '%signet%') as boolean)
            as is_low_shedding_histology,
        cast(coalesce(is_unreliable, false) as boolean) as is_unreliable,
        cast(last_imaging_on as date) as last_imaging_on,
        cast(last_imaging.precise_to as varchar) as last_imaging_precision,
        cast(observed_until as date) as observed_until,
        cast('LOOK_' || reason as varchar) as rule,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from named
    left join partial_day as occurred
        on
            named.patient_id = occurred.patient_id and named.occurred_subject = occurred.subject
            and named.occurred_on = occurred.day_on
    left join partial_day as compared
        on
            named.patient_id = compared.patient_id and named.compared_subject = compared.subject
            and named.compared_on = compared.day_on
    left join partial_scan as first_called
        on named.patient_id = first_called.patient_id and named.first_called_on = first_called.day_on
    left join partial_scan as last_imaging
        on named.patient_id = last_imaging.patient_id and named.last_imaging_on = last_imaging.day_on
)

select * from final
