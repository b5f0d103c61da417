-- One row per patient and statement about the course: last progression, tissue against assay, silence, death.
with patient as (
    select
        summary.patient_id, summary.observed_until, summary.vital_status, summary.is_line_ongoing, summary.current_line,
        summary.current_regimen, summary.died_on, summary.death_cause, summary.death_key, summary.last_seen_on,
        summary.source_key,
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

-- The last day of which anything is known of a living patient.
last_known as (
    select
        patient_id, max(occurred_on) as known_on, min(source_key) as source_key,
        case min(source_table) when 'enrolment' then 'patient' else min(source_table) end as source_table
    from milestone where kind = 'known_alive' group by patient_id
),

silent as (
    select
        patient.patient_id, patient.vital_status, patient.current_line, patient.current_regimen,
        coalesce(patient.is_line_ongoing, false) as is_on_treatment, known.known_on, known.source_table,
        known.source_key, date_diff('day', known.known_on, patient.observed_until) as days
    from patient
    inner join last_known as known on patient.patient_id = known.patient_id
    where patient.vital_status in ('alive', 'lost')
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
        non_target as other_response, is_new as is_recorded, source_table, source_key
    from described
    union all
    select
        patient_id, 'SAY', 33, 'TISSUE_DISAGREES', 'TISSUE_DISAGREES', tissue_on, null, null, null, null, label, null,
        null, null, null, 'pathology', source_key
    from disagreeing
    union all
    select
        silent.patient_id, 'UNKNOWN', 14, 'SILENCE',
        case
            when silent.vital_status = 'lost' then 'SILENCE_LOST'
            when silent.is_on_treatment then 'SILENCE_ON_TREATMENT'
            else 'SILENCE_OFF_TREATMENT'
        end,
        silent.known_on, null, silent.days, silent.current_line, null, silent.current_regimen, null, null, null,
        null,
        silent.source_table, silent.source_key
    from silent
    cross join study
    where
        silent.days > case
            when silent.vital_status = 'lost' then 0
            when silent.is_on_treatment then study.contact_stale_on_treatment_days
            else study.contact_stale_off_treatment_days
        end
    union all
    select
        patient_id, 'UNKNOWN', 16, 'DEATH_CAUSE', 'DEATH_CAUSE_MISSING', null, null, null, null, null, null, null, null,
        null, null, 'contact', row_key
    from death where coalesce(death_cause, 'unknown') = 'unknown'
    union all
    select
        death.patient_id, 'UNKNOWN', 17, 'DEATH_DATE', 'DEATH_DATE_IMPRECISE', patient.died_on, null, null, null, null,
        null, null, null, null, null, 'contact', death.row_key
    from death
    inner join patient on death.patient_id = patient.patient_id
    where death.died_on is null or death.died_on_precision in ('month', 'year')
    union all
    select
        patient.patient_id, 'UNKNOWN', 18, 'DEATH_NO_IMAGING', 'DEATH_NO_IMAGING', patient.last_imaging_on,
        patient.died_on, date_diff('day', patient.last_imaging_on, patient.died_on), null, null, null, null, null,
        null, null, 'patient', patient.source_key
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
        cast(other_response as varchar) as other_response,
        cast(is_recorded as boolean) as is_recorded,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from statement
)

select * from final
