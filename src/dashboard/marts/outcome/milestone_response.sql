-- One row per patient, kind and occurrence of a dated fact about response: assessments and progressions.
with patient as (
    select * from usable_patient
),

-- A status PD carried over to a systemic line is no progression on it.
assessment as (
    select
        *,
        case when response = 'PD' and first_called_on is null then 1 else 0 end as is_progression,
        case when is_unassessed then 0 else 1 end as is_reported
    from overall_response
),

-- Progressions the treating team recorded (clinical-decisions A8): assessments, and courses stopped for progression.
recorded_progression as (
    select patient_id, assessed_on as progressed_on, source_table, source_key, is_reported
    from assessment
    where is_progression = 1
    union all
    select patient_id, ended_on, source_table, min(source_key), 1
    from systemic_course
    where stop_reason = 'progression' and ended_on is not null
    group by patient_id, ended_on, source_table
),

-- A progression so soon after a line began that its scan may be the baseline closed the line before
-- (clinical-decisions A1); 0 stands for the time before the first line.
progressed as (
    select
        recorded_progression.patient_id,
        recorded_progression.source_table,
        recorded_progression.source_key,
        recorded_progression.progressed_on,
        max(recorded_progression.is_reported) as is_reported,
        max(
            case
                when line.started_on + study.scan_baseline_to_day < recorded_progression.progressed_on then line.line
                else 0
            end
        ) as line
    from recorded_progression
    inner join line_of_therapy as line on recorded_progression.patient_id = line.patient_id
    cross join study
    group by
        recorded_progression.patient_id, recorded_progression.source_table, recorded_progression.source_key,
        recorded_progression.progressed_on
),

-- An assessment of the same line explains the stop, also one that follows it before the line counts as discontinued.
explained_stop as (
    select stopped.patient_id, stopped.source_key, max(shown.is_reported) as is_by_report
    from progressed as stopped
    inner join progressed as shown
        on
            stopped.patient_id = shown.patient_id
            and stopped.line = shown.line
            and shown.source_table <> 'treatment'
    cross join study
    where
        stopped.source_table = 'treatment'
        and date_diff('day', stopped.progressed_on, shown.progressed_on) < study.discontinuation_gap_days
    group by stopped.patient_id, stopped.source_key
),

stop_for_progression as (
    select
        stopped.patient_id, stopped.line, stopped.progressed_on, stopped.source_table, stopped.source_key,
        case when explained_stop.source_key is null then 0 else 1 end as is_explained
    from progressed as stopped
    left join explained_stop
        on stopped.patient_id = explained_stop.patient_id and stopped.source_key = explained_stop.source_key
    -- A scan nobody reported explains no stop where only what was reported counts.
    where stopped.source_table = 'treatment' and coalesce(explained_stop.is_by_report, 0) = 0
),

-- The adequate assessment before each assessment: the last date known without the progression.
assessment_with_previous as (
    select
        current_one.patient_id,
        current_one.source_key,
        max(earlier.assessed_on) as previous_adequate_on
    from assessment as current_one
    inner join assessment as earlier
        on
            current_one.patient_id = earlier.patient_id
            and earlier.assessed_on < current_one.assessed_on
            and (earlier.is_adequate or earlier.is_baseline)
            and earlier.response is distinct from 'PD'
    where current_one.is_progression = 1
    group by current_one.patient_id, current_one.source_key
),

occurrence as (
    select
        patient_id,
        cast('local_progression' as varchar) as kind,
        assessed_on as occurred_on,
        cast(null as integer) as line,
        lesion_id,
        basis as detail,
        cast(null as date) as free_until,
        cast('lesion' as varchar) as source_table,
        row_key as source_key
    from usable_lesion where state = 'local_progression'
    union all
    select patient_id, 'baseline_assessment', baseline_on, line, null, kind, null, source_table, source_key
    from line_baseline where baseline_on is not null
    union all
    select patient_id, 'assessment', assessed_on, line, null, response, null, source_table, source_key
    from assessment where basis = 'imaging'
    union all
    select patient_id, 'adequate_assessment', assessed_on, line, null, response, null, source_table, source_key
    from assessment where basis = 'imaging' and is_adequate
    union all
    select patient_id, 'reported_adequate_assessment', assessed_on, line, null, response, null, source_table, source_key
    from assessment where basis = 'imaging' and is_adequate and is_reported = 1
    union all
    select assessment.patient_id, 'radiological_progression', assessment.assessed_on, progressed.line, null,
        assessment.progression_pattern, assessment_with_previous.previous_adequate_on, assessment.source_table,
        assessment.source_key
    from assessment
    left join assessment_with_previous
        on
            assessment.patient_id = assessment_with_previous.patient_id
            and assessment.source_key = assessment_with_previous.source_key
    left join progressed
        on
            assessment.patient_id = progressed.patient_id
            and assessment.source_table = progressed.source_table
            and assessment.source_key = progressed.source_key
    where assessment.basis = 'imaging' and assessment.is_progression = 1
    union all
    select assessment.patient_id, 'new_lesion_progression',
        coalesce(assessment.new_lesion_since_on, assessment.assessed_on), progressed.line, null,
        assessment.progression_pattern, null, assessment.source_table, assessment.source_key
    from assessment
    left join progressed
        on
            assessment.patient_id = progressed.patient_id
            and assessment.source_table = progressed.source_table
            and assessment.source_key = progressed.source_key
    where assessment.basis = 'imaging' and assessment.new_lesion = 'yes' and assessment.is_progression = 1
    union all
    select assessment.patient_id, 'clinical_progression', assessment.assessed_on, progressed.line, null,
        assessment.progression_pattern, null, assessment.source_table, assessment.source_key
    from assessment
    left join progressed
        on
            assessment.patient_id = progressed.patient_id
            and assessment.source_table = progressed.source_table
            and assessment.source_key = progressed.source_key
    where assessment.basis = 'clinical' and assessment.is_progression = 1
    union all
    select patient_id, 'clinical_progression', progressed_on, line, null, 'treatment_stop', null, source_table, source_key
    from stop_for_progression
    where is_explained = 0
    union all
    select patient_id, 'reported_progression', progressed_on, line, null, 'treatment_stop', null, source_table, source_key
    from stop_for_progression
    union all
    select patient_id, 'reported_progression', progressed_on, line, null, null, null, source_table, source_key
    from progressed
    where source_table <> 'treatment' and is_reported = 1
    union all
    select patient_id, 'objective_response', objective_response_on, line, null, setting_id, null,
        objective_response_source_table, objective_response_source_key
    from best_response where objective_response_on is not null
),

final as (
    select
        cast(occurrence.patient_id as varchar) as patient_id,
        cast(occurrence.kind as varchar) as kind,
        cast(occurrence.occurred_on as date) as occurred_on,
        cast(occurrence.line as integer) as line,
        cast(occurrence.lesion_id as varchar) as lesion_id,
        cast(occurrence.detail as varchar) as detail,
        cast(occurrence.free_until as date) as free_until,
        cast(occurrence.source_table as varchar) as source_table,
        cast(occurrence.source_key as varchar) as source_key
    from occurrence
    inner join patient on occurrence.patient_id = patient.patient_id
    where occurrence.occurred_on is not null and occurrence.occurred_on <= patient.observed_until
)

select * from final
