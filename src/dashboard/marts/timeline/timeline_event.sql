-- One row per dated thing the patient timeline can show: a draw, a variant in it, a scan, a bar, a planned window, a mark.
with provenance as (
    select
        'patient' as source_table, row_key, source_file, source_row, cast(null as date) as first_on,
        cast(null as varchar) as first_precision, cast(null as date) as last_on, cast(null as varchar) as last_precision
    from usable_patient
    union all
    select
        'treatment', row_key, source_file, source_row, started_on, started_on_precision, ended_on, ended_on_precision
    from usable_treatment
    union all
    select 'ctdna_sample', row_key, source_file, source_row, collected_on, collected_on_precision, null, null
    from usable_ctdna_sample
    union all
    select 'variant', row_key, source_file, source_row, null, null, null, null from usable_variant
    union all
    select 'imaging', row_key, source_file, source_row, imaged_on, imaged_on_precision, null, null from usable_imaging
    union all
    select 'lesion', row_key, source_file, source_row, assessed_on, assessed_on_precision, null, null from usable_lesion
    union all
    select 'response', row_key, source_file, source_row, assessed_on, assessed_on_precision, null, null
    from usable_response
    union all
    select 'measurement', row_key, source_file, source_row, measured_on, measured_on_precision, null, null
    from usable_measurement
    union all
    select
        'adverse_event', row_key, source_file, source_row, started_on, started_on_precision, ended_on,
        ended_on_precision
    from usable_adverse_event
    union all
    select 'contact', row_key, source_file, source_row, died_on, died_on_precision, null, null from usable_contact
    union all
    select 'pathology', row_key, source_file, source_row, null, null, null, null from usable_pathology
),
-- A day recorded to the month or year only is named so (clinical-decisions A38).
origin as (
    select
        source_table, row_key, min(source_file) as source_file, min(source_row) as source_row,
        min(case when first_precision in ('month', 'year') then first_on end) as first_on,
        max(case when first_precision in ('month', 'year') then first_precision end) as first_precision,
        min(case when last_precision in ('month', 'year') then last_on end) as last_on,
        max(case when last_precision in ('month', 'year') then last_precision end) as last_precision
    from provenance
    group by source_table, row_key
),
event as (
    select
        patient_id, panel, kind, event_key, occurred_on, ended_on, is_ongoing, line, label, code, detail,
        value_sum, value_n, source_table, source_key
    from timeline_ctdna
    union all
    select
        patient_id, panel, kind, event_key, occurred_on, ended_on, is_ongoing, line, label, code, detail,
        value_sum, value_n, source_table, source_key
    from timeline_imaging
    union all
    select
        patient_id, panel, kind, event_key, occurred_on, ended_on, is_ongoing, line, label, code, detail,
        value_sum, value_n, source_table, source_key
    from timeline_clinical
    union all
    select
        patient_id, panel, kind, event_key, occurred_on, ended_on, is_ongoing, line, label, code, detail,
        value_sum, value_n, source_table, source_key
    from timeline_treatment
    union all
    select
        patient_id, panel, kind, event_key, occurred_on, ended_on, is_ongoing, line, label, code, detail,
        value_sum, value_n, source_table, source_key
    from timeline_mark
    union all
    select
        patient_id, panel, kind, event_key, occurred_on, ended_on, is_ongoing, line, label, code, detail,
        value_sum, value_n, source_table, source_key
    from timeline_planned
),
observed_event as (
    select
        event.*, patient.observed_until,
        lag(event.occurred_on) over (
            partition by event.patient_id, event.kind,
            case when event.kind in ('VARIANT', 'OTHER_MARKER', 'LESION', 'NEW_LESION') then event.label end
            order by event.occurred_on nulls last, event.event_key nulls last
        ) as previous_on
    from event
    inner join usable_patient as patient on event.patient_id = patient.patient_id
),
-- Many things happen on one day: the line in force is looked up once a day.
event_day as (
    select distinct patient_id, occurred_on from observed_event
),
event_line as (
    select event_day.patient_id, event_day.occurred_on, max(line_of_therapy.line) as line
    from event_day
    inner join line_of_therapy
        on event_day.patient_id = line_of_therapy.patient_id and line_of_therapy.started_on <= event_day.occurred_on
    group by event_day.patient_id, event_day.occurred_on
),
final as (
    select
        cast(event.patient_id as varchar) as patient_id,
        cast(event.panel as varchar) as panel,
        cast(event.kind as varchar) as kind,
        cast(event.event_key as varchar) as event_key,
        cast(event.occurred_on as date) as occurred_on,
        cast(event.ended_on as date) as ended_on,
        cast(case event.occurred_on
            when origin.first_on then origin.first_precision when origin.last_on then origin.last_precision
        end as varchar) as occurred_on_precision,
        cast(case event.ended_on
            when origin.first_on then origin.first_precision when origin.last_on then origin.last_precision
        end as varchar) as ended_on_precision,
        cast(event.is_ongoing as boolean) as is_ongoing,
        cast(case
            when event.kind = 'LINE' or event.panel in ('RECIST', 'TARGET_SUM', 'TREATMENT') then event.line
            else event_line.line
        end as integer) as line,
        cast(event.label as varchar) as label,
        cast(event.code as varchar) as code,
        cast(event.detail as varchar) as detail,
        cast(ctdna.sample_id as varchar) as sample_id,
        cast(ctdna.gene as varchar) as gene,
        cast(ctdna.variant as varchar) as variant,
        cast(treatment.part_of as varchar) as part_of,
        cast(treatment.modality as varchar) as modality,
        cast(ctdna.is_other_origin as boolean) as is_other_origin,
        cast(event.value_sum as decimal(28, 12)) as value_sum,
        cast(event.value_n as bigint) as value_n,
        cast(ctdna.level_metric as varchar) as level_metric,
        cast(ctdna.quantity_kind as varchar) as quantity_kind,
        cast(ctdna.n_detected as bigint) as n_detected,
        cast(ctdna.n_variants as bigint) as n_variants,
        cast(ctdna.series_no as integer) as series_no,
        cast(ctdna.assay as varchar) as assay,
        cast(ctdna.assay_panel as varchar) as assay_panel,
        cast(ctdna.tracks as varchar) as tracks,
        cast(ctdna.lod_ppm as decimal(10, 3)) as lod_ppm,
        cast(ctdna.loq_ppm as decimal(10, 3)) as loq_ppm,
        cast(ctdna.cfdna_ng_per_ml as decimal(12, 4)) as cfdna_ng_per_ml,
        cast(ctdna.alt_molecules as bigint) as alt_molecules,
        cast(ctdna.total_molecules as bigint) as total_molecules,
        cast(ctdna.mean_sum_ppm as decimal(20, 3)) as mean_sum_ppm,
        cast(ctdna.mean_n as bigint) as mean_n,
        cast(ctdna.max_maf_ppm as decimal(10, 3)) as max_maf_ppm,
        cast(ctdna.reason as varchar) as reason,
        cast(ctdna.draw_timing as varchar) as draw_timing,
        cast(ctdna.timing_line as integer) as timing_line,
        cast(ctdna.reported_on as date) as reported_on,
        cast(ctdna.is_unreliable as boolean) as is_unreliable,
        cast(ctdna.days_since_local as integer) as days_since_local,
        cast(imaging.baseline_tenth_mm as bigint) as baseline_tenth_mm,
        cast(imaging.nadir_tenth_mm as bigint) as nadir_tenth_mm,
        cast(imaging.pd_from_tenth_mm as bigint) as pd_from_tenth_mm,
        cast(imaging.n_targets as integer) as n_targets,
        cast(imaging.n_measured as integer) as n_measured,
        cast(imaging.reported as varchar) as reported,
        cast(imaging.calculated as varchar) as calculated,
        cast(imaging.change_from_baseline_tenth_percent as integer) as change_from_baseline_tenth_percent,
        cast(imaging.change_from_nadir_tenth_percent as integer) as change_from_nadir_tenth_percent,
        cast(imaging.is_after_progression as boolean) as is_after_progression,
        cast(imaging.first_called_on as date) as first_called_on,
        cast(imaging.basis as varchar) as basis,
        cast(clinical.upper_normal as decimal(18, 4)) as upper_normal,
        cast(clinical.grade as integer) as grade,
        cast(treatment.dose_level as integer) as dose_level,
        cast(treatment.lesion_id as varchar) as lesion_id,
        cast(treatment.organ as varchar) as organ,
        cast(treatment.fractions as integer) as fractions,
        cast(treatment.end_basis as varchar) as end_basis,
        cast(treatment.reference_of as varchar) as reference_of,
        cast(treatment.accompanied_by as varchar) as accompanied_by,
        cast(date_diff('day', event.previous_on, event.occurred_on) as integer) as days_since_previous,
        cast(date_diff('day', in_force.started_on, event.occurred_on) as integer) as day_of_line,
        cast(event_line.line as integer) as line_in_force,
        cast(event.occurred_on <= coalesce(in_force.last_dose_on, in_force.ended_on, event.observed_until) as boolean)
            as is_on_treatment,
        cast(coalesce(imaging.rule, ctdna.rule) as varchar) as rule,
        cast(event.source_table as varchar) as source_table,
        cast(event.source_key as varchar) as source_key,
        cast(origin.source_file as varchar) as source_file,
        cast(origin.source_row as integer) as source_row
    from observed_event as event
    left join event_line on event.patient_id = event_line.patient_id and event.occurred_on = event_line.occurred_on
    left join line_of_therapy as in_force
        on event.patient_id = in_force.patient_id and event_line.line = in_force.line
    left join timeline_ctdna as ctdna
        on
            event.patient_id = ctdna.patient_id and event.kind = ctdna.kind and event.event_key = ctdna.event_key
    left join timeline_imaging as imaging
        on
            event.patient_id = imaging.patient_id and event.kind = imaging.kind and event.event_key = imaging.event_key
    left join timeline_clinical as clinical
        on
            event.patient_id = clinical.patient_id and event.kind = clinical.kind and event.event_key = clinical.event_key
    left join timeline_treatment as treatment
        on
            event.patient_id = treatment.patient_id and event.kind = treatment.kind and event.event_key = treatment.event_key
    left join origin on event.source_table = origin.source_table and event.source_key = origin.row_key
)
select * from final
