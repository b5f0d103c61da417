-- One row per patient, kind and occurrence of a dated ctDNA result: samples, clearance, molecular progression.
with patient as (
    select * from usable_patient
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
        ctdna_level.baseline_timing,
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
        cast('valid_sample' as varchar) as kind,
        collected_on as occurred_on,
        cast(null as integer) as line,
        cast(null as varchar) as lesion_id,
        state as detail,
        cast(null as date) as free_until,
        cast('ctdna_sample' as varchar) as source_table,
        source_key
    from ctdna
    union all
    -- Clearance is defined from a draw before the index treatment only (clinical-decisions A2): the detail says which.
    select patient_id, 'detected_baseline', collected_on, null, null, baseline_timing, null, 'ctdna_sample', source_key
    from ctdna
    where is_baseline and status in ('detected', 'below_loq')
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
