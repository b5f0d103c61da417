-- One row per patient and statement about the course: last progression, a stop or start for one nobody assessed, tissue
-- against assay, silence, death.
with patient as (
    select
        summary.patient_id, summary.enrolled_on, summary.current_line, summary.current_regimen, summary.died_on, summary.death_cause,
        summary.transferred_on, summary.death_key, summary.source_key,
        case
            when coalesce(summary.last_imaging_on, summary.last_scan_on) > coalesce(summary.last_scan_on, summary.last_imaging_on)
                then summary.last_imaging_on
            else coalesce(summary.last_scan_on, summary.last_imaging_on)
        end as last_imaging_on
    from patient_summary as summary
),

-- Of several assessors on the day the treating team comes first. A scan after a progression that nobody called is
-- where the next line begins, no further progression. PD again on the same line stands with the first of the line.
progression as (
    select
        response.*,
        min(case when response.line > 0 and coalesce(response.basis, 'imaging') = 'imaging' then response.assessed_on end)
            over (partition by response.patient_id, response.line) as first_on,
        row_number() over (
            partition by response.patient_id
            order by response.assessed_on desc nulls last,
                case response.assessor
                    when 'treating_physician' then 1 when 'investigator' then 2 when 'radiologist' then 3 else 4
                end nulls last, response.assessor nulls last, response.source_key nulls last
        ) as place
    from overall_response as response
    where
        response.response = 'PD' and not coalesce(response.is_baseline, false)
        and not (coalesce(response.is_after_progression, false) and response.rule <> 'OVERALL_REPORTED')
),
-- A status that only repeats a progression has its new lesions from the day that was called.
described as (
    select
        progression.*,
        coalesce(called.new_sites, progression.new_sites) as sites,
        coalesce(progression.new_lesion = 'yes', false) or coalesce(called.new_lesion = 'yes', false) as is_new
    from progression
    left join overall_response as called
        on
            progression.patient_id = called.patient_id and progression.assessor = called.assessor
            and progression.first_called_on = called.assessed_on
    where progression.place = 1
),

disagreeing as (
    select
        patient_id, max(tissue_on) as tissue_on, min(source_key) as source_key,
        array_to_string(list_sort(list(distinct
            gene || ' ' || tissue_result || ' · '
            || case when n_detected > 0 then 'ctDNA shows ' else 'assay follows ' end || gene || ' ' || variants
        )), '; ') as label
    from tissue_disagreement
    group by patient_id
),

-- Treatment stopped for progression that no response or visit of the line reports (docs/decisions 0006): the latest.
stopped as (
    select
        milestone.patient_id, milestone.occurred_on, milestone.line, milestone.source_table, milestone.source_key,
        row_number() over (
            partition by milestone.patient_id
            order by milestone.occurred_on desc nulls last, milestone.source_key nulls last
        ) as place
    from milestone
    inner join patient on milestone.patient_id = patient.patient_id
    -- Nobody owes the records of a course from before enrolment (docs/decisions 0006).
    where
        milestone.kind = 'clinical_progression' and milestone.detail = 'treatment_stop'
        and coalesce(milestone.occurred_on >= patient.enrolled_on, true)
),

death as (
    select contact.patient_id, contact.died_on, contact.died_on_precision, patient.death_cause, contact.row_key
    from usable_contact as contact
    inner join patient on contact.patient_id = patient.patient_id and contact.row_key = patient.death_key
),

statement as (
    select
        patient_id, 'SAY' as kind, 38 as place, 'PROGRESSION' as statement,
        case
            when basis = 'clinical' then 'PROGRESSION_CLINICAL'
            when first_called_on is not null and progression_pattern is null and progression_site is null
                then 'PROGRESSION_STANDING_NOT_DESCRIBED'
            when first_called_on is not null then 'PROGRESSION_STANDING'
            when first_on < assessed_on and progression_pattern is null and progression_site is null
                then 'PROGRESSION_AGAIN_NOT_DESCRIBED'
            when first_on < assessed_on then 'PROGRESSION_AGAIN'
            when new_lesion_since_on < assessed_on then 'PROGRESSION_SEEN_BEFORE'
            when progression_pattern is null and progression_site is null then 'PROGRESSION_NOT_DESCRIBED'
            else 'PROGRESSION_IMAGING'
        end as rule,
        assessed_on as day_on,
        cast(coalesce(
            first_called_on, case when first_on < assessed_on then first_on end,
            case when new_lesion_since_on < assessed_on then new_lesion_since_on end
        ) as date) as other_on,
        cast(null as integer) as days, line,
        progression_pattern as code, progression_site as label, sites as new_sites, target as response,
        response_by, non_target as other_response, is_new as is_recorded, source_table, source_key
    from described
    union all
    select
        patient_id, 'SAY', 33, 'TISSUE_DISAGREES', 'TISSUE_DISAGREES', tissue_on, null, null, null, null, label, null,
        null, null, null, null, 'pathology', source_key
    from disagreeing
    union all
    select
        patient_id, 'SAY', 39, 'STOPPED_FOR_PROGRESSION', 'STOPPED_FOR_PROGRESSION', occurred_on, null, null, line, null,
        null, null, null, null, null, null, source_table, source_key
    from stopped where place = 1
    union all
    select
        patient.patient_id, 'UNKNOWN', 15, 'STARTED_FOR_PROGRESSION',
        case
            when own.response_since_pd is not null then 'STARTED_AFTER_RESPONSE'
            when own.lacks_response_before then 'STARTED_WITHOUT_RESPONSE'
            else 'STARTED_FOR_PROGRESSION'
        end,
        line.started_on, own.response_since_pd_on, null, line.line, own.start_reason,
        case
            when before.line is null then 'before it' else 'since line ' || cast(before.line as varchar) || ' began'
        end, null, own.response_since_pd, null, null, null, own.source_table, own.source_key
    from patient
    inner join line_summary as own
        on
            patient.patient_id = own.patient_id and patient.current_line = own.line
            and (own.lacks_pd_before or own.response_since_pd is not null)
    inner join line_of_therapy as line on own.patient_id = line.patient_id and own.line = line.line
    left join line_of_therapy as before on line.patient_id = before.patient_id and line.line = before.line + 1
    -- Nobody owes a response to a course from before enrolment (docs/decisions 0006); one that is there is read.
    where not own.lacks_response_before or before.started_on >= patient.enrolled_on
    union all
    select
        silence.patient_id, 'UNKNOWN', 14, 'SILENCE',
        silence.rule || case
            when silence.rule = 'SILENCE_TRANSFERRED' and patient.transferred_on is null then '_UNDATED' else ''
        end,
        silence.known_on,
        case when silence.rule = 'SILENCE_TRANSFERRED' then patient.transferred_on end, silence.n_days,
        patient.current_line, null, patient.current_regimen, null, null, null, null, null, silence.source_table,
        silence.source_key
    from patient_silence as silence
    inner join patient on silence.patient_id = patient.patient_id
    where silence.is_silent
    union all
    select
        patient_id, 'UNKNOWN', 16, 'DEATH_CAUSE', 'DEATH_CAUSE_MISSING', null, null, null, null, null, null, null, null,
        null, null, null, 'contact', row_key
    from death where coalesce(death_cause, 'unknown') = 'unknown'
    union all
    select
        death.patient_id, 'UNKNOWN', 17, 'DEATH_DATE', 'DEATH_DATE_IMPRECISE', patient.died_on, null, null, null, null,
        null, null, null, null, null, null, 'contact', death.row_key
    from death
    inner join patient on death.patient_id = patient.patient_id
    where death.died_on is null or death.died_on_precision in ('month', 'year')
    union all
    select
        patient.patient_id, 'UNKNOWN', 18, 'DEATH_NO_IMAGING', 'DEATH_NO_IMAGING', patient.last_imaging_on,
        patient.died_on, date_diff('day', patient.last_imaging_on, patient.died_on), null, null, null, null, null,
        null, null, null, 'patient', patient.source_key
    from patient
    cross join study
    where date_diff('day', patient.last_imaging_on, patient.died_on) > study.imaging_overdue_days
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(kind as varchar) as kind,
        cast(statement as varchar) as statement,
        cast(place as integer) as place,
        cast(rule as varchar) as rule,
        cast(day_on as date) as day_on,
        cast(other_on as date) as other_on,
        cast(days as integer) as days,
        cast(line as integer) as line,
        cast(code as varchar) as code,
        cast(label as varchar) as label,
        cast(new_sites as varchar) as new_sites,
        cast(response as varchar) as response,
        cast(response_by as varchar) as response_by,
        cast(other_response as varchar) as other_response,
        cast(is_recorded as boolean) as is_recorded,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from statement
)

select * from final
