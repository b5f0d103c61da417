-- One row per patient, kind and occurrence of a dated fact that an endpoint can name (docs/endpoints.md lists the kinds).
with patient as (
    select * from usable_patient
),

-- Every date on which a canonical table shows the patient alive; known_alive_source says which tables count.
seen_alive as (
    select patient_id, contact_on as seen_on, 'contact' as source_table, row_key
    from usable_contact where vital_status = 'alive'
    union all
    select patient_id, visit_on, 'visit', row_key from usable_visit where coalesce(has_occurred, true)
    union all
    select patient_id, imaged_on, 'imaging', row_key from usable_imaging
    union all
    select patient_id, assessed_on, 'response', row_key from usable_response
    union all
    select patient_id, collected_on, 'ctdna_sample', row_key from usable_ctdna_sample where status <> 'not_done'
    union all
    select patient_id, measured_on, 'measurement', row_key from usable_measurement
    union all
    select patient_id, started_on, 'treatment', row_key from usable_treatment
    union all
    select patient_id, ended_on, 'treatment', row_key from usable_treatment
    union all
    select patient_id, started_on, 'adverse_event', row_key from usable_adverse_event
    union all
    select patient_id, ended_on, 'adverse_event', row_key from usable_adverse_event
    union all
    select patient_id, enrolled_on, 'enrolment', row_key from usable_patient
),

death as (
    select patient_id, coalesce(died_on, contact_on) as died_on, death_cause, row_key
    from usable_contact
    where vital_status = 'dead'
),

first_death as (
    select death.patient_id, min(death.died_on) as died_on
    from death
    inner join patient on death.patient_id = patient.patient_id
    where death.died_on <= patient.observed_until
    group by death.patient_id
),

seen_alive_counted as (
    select seen_alive.*
    from seen_alive
    inner join known_alive_source on seen_alive.source_table = known_alive_source.source_table
    inner join patient on seen_alive.patient_id = patient.patient_id
    left join first_death on seen_alive.patient_id = first_death.patient_id
    where
        seen_alive.seen_on <= patient.observed_until
        and (first_death.died_on is null or seen_alive.seen_on <= first_death.died_on)
),

last_seen as (
    select
        patient_id,
        seen_on,
        source_table,
        row_key,
        row_number() over (
            partition by patient_id
            order by seen_on desc nulls last, source_table nulls last, row_key nulls last
        ) as place
    from seen_alive_counted
),

known_alive as (
    select * from last_seen where place = 1
),

visit_in_order as (
    select
        visit.patient_id,
        visit.visit_on,
        visit.row_key,
        lead(visit.visit_on) over (
            partition by visit.patient_id order by visit.visit_on nulls last, visit.row_key nulls last
        ) as next_visit_on,
        patient.observed_until
    from usable_visit as visit
    inner join patient on visit.patient_id = patient.patient_id
    where coalesce(visit.has_occurred, true) and visit.visit_on <= patient.observed_until
),

line as (
    select
        line_of_therapy.*,
        patient.enrolled_on,
        patient.observed_until,
        known_alive.seen_on as last_seen_on,
        first_death.died_on
    from line_of_therapy
    inner join patient on line_of_therapy.patient_id = patient.patient_id
    left join known_alive on line_of_therapy.patient_id = known_alive.patient_id
    left join first_death on line_of_therapy.patient_id = first_death.patient_id
),

-- The index line: the last one started by enrolment plus grace, else the first after.
index_candidate as (
    select
        line.patient_id,
        line.line,
        line.started_on,
        line.drug_class,
        line.source_key,
        row_number() over (
            partition by line.patient_id
            order by
                case when line.started_on <= line.enrolled_on + study.index_grace_days then 0 else 1 end nulls last,
                case
                    when line.started_on <= line.enrolled_on + study.index_grace_days then -line.line
                    else line.line
                end nulls last
        ) as place
    from line
    cross join study
    where line.enrolled_on is not null
),

-- A line has been discontinued when another follows, the patient died, or nothing was given for long enough.
discontinued as (
    select line.*
    from line
    cross join study
    where
        line.last_dose_on is not null
        and (
            line.next_started_on is not null
            or line.died_on is not null
            or date_diff('day', line.last_dose_on, line.last_seen_on) >= study.discontinuation_gap_days
        )
        and (not coalesce(line.is_ongoing, false) or line.next_started_on is not null or line.died_on is not null)
),

assessment as (
    select overall_response.*, coalesce(overall_response.basis, 'imaging') as kind_of_basis
    from overall_response
),

-- A progression so soon after a line began that its scan may be the baseline closed the line before
-- (clinical-decisions A1); 0 stands for the time before the first line.
progressed as (
    select
        assessment.patient_id,
        assessment.source_key,
        max(case when line.started_on + study.scan_baseline_to_day < assessment.assessed_on then line.line else 0 end)
            as line
    from assessment
    inner join line on assessment.patient_id = line.patient_id
    cross join study
    where assessment.response = 'PD'
    group by assessment.patient_id, assessment.source_key
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
    where current_one.response = 'PD'
    group by current_one.patient_id, current_one.source_key
),

ctdna as (
    select
        ctdna_state.patient_id,
        ctdna_state.draw_no,
        ctdna_state.collected_on,
        ctdna_state.state,
        ctdna_state.is_molecular_progression,
        ctdna_state.previous_valid_on,
        ctdna_state.run_started_on,
        ctdna_state.series_no,
        ctdna_level.is_baseline,
        ctdna_level.draw_timing,
        ctdna_level.timing_line,
        ctdna_level.status,
        ctdna_level.source_key
    from ctdna_state
    inner join ctdna_level on ctdna_state.sample_id = ctdna_level.sample_id
    where ctdna_level.is_valid
),

ctdna_with_previous as (
    select
        ctdna.*,
        lag(ctdna.state) over (
            partition by ctdna.patient_id, ctdna.series_no
            order by ctdna.collected_on nulls last, ctdna.draw_no nulls last
        ) as previous_state
    from ctdna
),

-- The first valid draw long enough after the baseline (clinical-decisions A10).
second_draw as (
    select
        ctdna.*,
        row_number() over (
            partition by ctdna.patient_id order by ctdna.collected_on nulls last, ctdna.draw_no nulls last
        ) as place
    from ctdna
    inner join ctdna as baseline on ctdna.patient_id = baseline.patient_id and baseline.is_baseline
    cross join study
    where date_diff('day', baseline.collected_on, ctdna.collected_on) >= study.second_draw_from_day
),

-- A run of not-detected samples after detection: its first sample, and whether the run was later sustained.
cleared_run as (
    select
        patient_id,
        series_no,
        run_started_on,
        max(case when state = 'CLEARED_SUSTAINED' then 1 else 0 end) as is_sustained
    from ctdna
    where state in ('CLEARED_UNCONFIRMED', 'CLEARED_SUSTAINED')
    group by patient_id, series_no, run_started_on
),

occurrence as (
    select
        patient_id,
        cast('enrolment' as varchar) as kind,
        enrolled_on as occurred_on,
        cast(null as integer) as line,
        cast(null as varchar) as lesion_id,
        cast(null as varchar) as detail,
        cast(null as date) as free_until,
        cast('patient' as varchar) as source_table,
        row_key as source_key
    from patient
    union all
    select patient_id, 'consent', consented_on, null, null, null, null, 'patient', row_key from patient
    union all
    select patient_id, 'randomisation', randomised_on, null, null, null, null, 'patient', row_key from patient
    union all
    select patient_id, 'metastatic_diagnosis', metastatic_on, null, null, null, null, 'patient', row_key from patient
    union all
    select patient_id, 'oligometastatic_diagnosis', oligometastatic_on, null, null, null, null, 'patient', row_key
    from patient
    union all
    select patient_id, 'death', died_on, null, null, death_cause, null, 'contact', row_key from death
    union all
    select patient_id, 'known_alive', seen_on, null, null, source_table, null, source_table, row_key from known_alive
    union all
    select visit_in_order.patient_id, 'visit_gap', visit_in_order.visit_on, null, null, null, null, 'visit', row_key
    from visit_in_order
    cross join study
    where
        date_diff(
            'day', visit_in_order.visit_on, coalesce(visit_in_order.next_visit_on, visit_in_order.observed_until)
        ) > study.visit_gap_days
    union all
    select patient_id, name, recorded_on, null, null, null, null, 'characteristic', row_key
    from usable_characteristic where name in ('last_abstraction', 'last_activity')
    union all
    select patient_id, 'withdrawal', happened_on, null, null, reason, null, 'disposition', row_key
    from usable_disposition where kind = 'withdrawal_of_consent'
    union all
    select patient_id, 'lost_to_follow_up', happened_on, null, null, reason, null, 'disposition', row_key
    from usable_disposition where kind = 'lost_to_follow_up'
    union all
    select patient_id, 'systemic_status_known', contact_on, null, null, 'contact', null, 'contact', row_key
    from usable_contact where is_treatment_reviewed and vital_status <> 'dead'
    union all
    select patient_id, 'systemic_status_known', visit_on, null, null, 'visit', null, 'visit', row_key
    from usable_visit where is_treatment_reviewed and coalesce(has_occurred, true)
    union all
    select patient_id, 'line_start', started_on, line, null, drug_class, null, source_table, source_key from line
    union all
    select patient_id, 'class_start', class_started_on, line, null, drug_class, null, source_table, source_key
    from line
    union all
    select patient_id, 'index_treatment_start', started_on, line, null, drug_class, null, 'treatment', source_key
    from index_candidate where place = 1
    union all
    -- An open course is known to go on until the patient was last seen, not until the data cut.
    select patient_id, 'on_treatment',
        case when ended_on is null and last_seen_on < last_dose_on then last_seen_on else last_dose_on end,
        line, null, null, null, source_table, source_key
    from line
    union all
    select patient_id, 'line_discontinued', last_dose_on, line, null, stop_reason, null, source_table, source_key
    from discontinued
    union all
    select patient_id, 'toxicity_stop', last_dose_on, line, null, stop_reason, null, source_table, source_key
    from discontinued where stop_reason = 'toxicity'
    union all
    select patient_id, 'systemic_start', started_on, line, null, drug_class, null, source_table, source_key
    from treatment_episode
    where
        kind = 'systemic'
        and part_of is null
        and coalesce(drug_class, 'unknown') <> 'supportive'
        and coalesce(intent, 'unknown') <> 'supportive'
    union all
    select patient_id, 'local_treatment_start', started_on, line, lesion_id, kind, null, source_table, source_key
    from treatment_episode where kind in ('radiotherapy', 'ablation', 'surgery')
    union all
    select patient_id, 'local_treatment_end', coalesce(ended_on, started_on), line, lesion_id, kind, null,
        source_table, source_key
    from treatment_episode where kind in ('radiotherapy', 'ablation', 'surgery')
    union all
    select patient_id, 'local_course_start', started_on, course, null, group_code, null, source_table, source_key
    from local_course
    union all
    select patient_id, 'local_course_end', ended_on, course, null, group_code, null, source_table, source_key
    from local_course
    union all
    select patient_id, 'local_progression', assessed_on, null, lesion_id, basis, null, 'lesion', row_key
    from usable_lesion where state = 'local_progression'
    union all
    select patient_id, 'baseline_assessment', baseline_on, line, null, kind, null, source_table, source_key
    from line_baseline where baseline_on is not null
    union all
    select patient_id, 'assessment', assessed_on, line, null, response, null, source_table, source_key
    from assessment where kind_of_basis = 'imaging'
    union all
    select patient_id, 'adequate_assessment', assessed_on, line, null, response, null, source_table, source_key
    from assessment where kind_of_basis = 'imaging' and is_adequate
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
        on assessment.patient_id = progressed.patient_id and assessment.source_key = progressed.source_key
    where assessment.kind_of_basis = 'imaging' and assessment.response = 'PD'
    union all
    select assessment.patient_id, 'new_lesion_progression',
        coalesce(assessment.new_lesion_since_on, assessment.assessed_on), progressed.line, null,
        assessment.progression_pattern, null, assessment.source_table, assessment.source_key
    from assessment
    left join progressed
        on assessment.patient_id = progressed.patient_id and assessment.source_key = progressed.source_key
    where assessment.kind_of_basis = 'imaging' and assessment.new_lesion = 'yes' and assessment.response = 'PD'
    union all
    select assessment.patient_id, 'clinical_progression', assessment.assessed_on, progressed.line, null,
        assessment.progression_pattern, null, assessment.source_table, assessment.source_key
    from assessment
    left join progressed
        on assessment.patient_id = progressed.patient_id and assessment.source_key = progressed.source_key
    where assessment.kind_of_basis = 'clinical' and assessment.response = 'PD'
    union all
    select patient_id, 'objective_response', responded_on, line, null, setting_id, null, 'response', source_key
    from best_response where response in ('CR', 'PR')
    union all
    select patient_id, 'valid_sample', collected_on, null, null, state, null, 'ctdna_sample', source_key from ctdna
    union all
    -- Clearance is defined from a draw before the index treatment only (clinical-decisions A2): the detail says which.
    select ctdna.patient_id, 'detected_baseline', ctdna.collected_on, null, null,
        case
            when ctdna.draw_timing = 'PRE_TREATMENT' and ctdna.timing_line is distinct from index_line.line
                and study.index_origin = 'line' then 'OTHER_LINE'
            else ctdna.draw_timing
        end, null, 'ctdna_sample', ctdna.source_key
    from ctdna
    cross join study
    left join index_candidate as index_line
        on ctdna.patient_id = index_line.patient_id and index_line.place = 1
    where ctdna.is_baseline and ctdna.status in ('detected', 'below_loq')
    union all
    select ctdna.patient_id, 'ctdna_clear', ctdna.collected_on, null, null,
        case when cleared_run.is_sustained = 1 then 'SUSTAINED' else 'UNCONFIRMED' end, ctdna.previous_valid_on,
        'ctdna_sample', ctdna.source_key
    from ctdna
    inner join cleared_run
        on
            ctdna.patient_id = cleared_run.patient_id
            and ctdna.series_no = cleared_run.series_no
            and ctdna.run_started_on = cleared_run.run_started_on
    inner join ctdna as baseline
        on
            ctdna.patient_id = baseline.patient_id
            and ctdna.series_no = baseline.series_no
            and baseline.is_baseline
    where ctdna.collected_on = ctdna.run_started_on and ctdna.state in ('CLEARED_UNCONFIRMED', 'CLEARED_SUSTAINED')
    union all
    select patient_id, 'ctdna_relapse', collected_on, null, null, null, previous_valid_on, 'ctdna_sample', source_key
    from ctdna_with_previous
    where state = 'REDETECTED' and previous_state in ('CLEARED_UNCONFIRMED', 'CLEARED_SUSTAINED')
    union all
    select patient_id, 'molecular_progression', collected_on, null, null, state, previous_valid_on, 'ctdna_sample',
        source_key
    from ctdna where is_molecular_progression
    union all
    select second_draw.patient_id, 'second_draw', second_draw.collected_on, null, null, second_draw.state, null,
        'ctdna_sample', second_draw.source_key
    from second_draw
    where second_draw.place = 1
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
