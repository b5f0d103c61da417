-- One row per mark of the ctDNA panel: a draw, or a variant at a draw.
-- Variants: those reported, and for a fixed panel those it covers and did not report (clinical-decisions A15).
with reported_variant as (
    select
        variant.sample_id, variant.gene, variant.variant, variant.status, variant.maf_ppm, variant.alt_molecules,
        variant.total_molecules, variant.row_key
    from usable_variant as variant
),
-- No mark for a variant that the assay covered and never found.
followed_variant as (
    select
        patient_id, gene, variant, status as course_status,
        coalesce(is_possible_chip, false) or coalesce(is_possible_germline, false) as is_other_origin
    from variant_course
    where n_detected > 0 and not coalesce(is_copy_number, false)
),
variant_at_draw as (
    select
        level.patient_id, level.sample_id, level.collected_on, level.draw_no, followed.gene, followed.variant,
        followed.course_status, followed.is_other_origin, called.maf_ppm, called.alt_molecules, called.total_molecules,
        coalesce(called.status, 'not_detected') as status,
        case when called.status is null then 'ctdna_sample' else 'variant' end as source_table,
        coalesce(called.row_key, level.source_key) as source_key
    from ctdna_level as level
    inner join followed_variant as followed on level.patient_id = followed.patient_id
    left join reported_variant as called
        on level.sample_id = called.sample_id and followed.gene = called.gene and followed.variant = called.variant
    left join variant_sample as looked_for
        on
            level.sample_id = looked_for.sample_id and followed.gene = looked_for.gene
            and followed.variant = looked_for.variant and looked_for.outcome = 'ABSENT'
            and not looked_for.is_tumour_informed
    where level.is_valid and (called.status is not null or looked_for.sample_id is not null)
),
event as (
    select
        level.patient_id, case when level.is_valid or level.is_outweighed then 'CTDNA' else 'NO_RESULT' end as panel,
        'SAMPLE' as kind, 'sample ' || level.sample_id as event_key, level.collected_on as occurred_on,
        cast(null as date) as ended_on, cast(null as boolean) as is_ongoing, cast(null as integer) as line,
        level.draw as label, upper(level.status) as code, level.failure_reason as detail,
        cast(level.level_sum as decimal(28, 12)) as value_sum,
        case when level.level_sum is not null then level.level_n end as value_n, level.sample_id,
        cast(null as varchar) as gene, cast(null as varchar) as variant,
        cast(null as boolean) as is_other_origin, level.level_metric,
        level.quantity_kind, level.n_detected, level.n_variants,
        level.series_no, level.assay, level.panel as assay_panel, level.tracks,
        level.lod_ppm, level.loq_ppm, drawn.cfdna_ng_per_ml, cast(null as bigint) as alt_molecules,
        cast(null as bigint) as total_molecules, level.mean_sum_ppm, level.mean_n, level.max_maf_ppm, level.reason,
        level.draw_timing, level.timing_line, level.reported_on,
        level.is_unreliable, level.days_since_local, level.rule,
        level.source_table, level.source_key
    from ctdna_level as level
    left join usable_ctdna_sample as drawn on level.sample_id = drawn.sample_id
    union all
    select
        called.patient_id, 'CTDNA', 'VARIANT',
        'variant ' || called.sample_id || ' ' || called.gene || ' ' || called.variant, called.collected_on,
        null, null, null, called.gene || ' ' || called.variant, upper(called.status), called.course_status,
        cast(case when called.status = 'detected' then called.maf_ppm end as decimal(28, 12)),
        case when called.status = 'detected' and called.maf_ppm is not null then 1 end, called.sample_id,
        called.gene, called.variant, called.is_other_origin, null, null, null, null, level.series_no,
        level.assay, level.panel, level.tracks, level.lod_ppm, level.loq_ppm, null, called.alt_molecules,
        called.total_molecules, null, null, null, level.reason, level.draw_timing,
        level.timing_line, level.reported_on, level.is_unreliable, level.days_since_local, level.rule,
        called.source_table, called.source_key
    from variant_at_draw as called
    inner join ctdna_level as level on called.sample_id = level.sample_id
),
final as (
    select
        cast(event.patient_id as varchar) as patient_id,
        cast(event.panel as varchar) as panel,
        cast(event.kind as varchar) as kind,
        cast(event.event_key as varchar) as event_key,
        cast(event.occurred_on as date) as occurred_on,
        cast(event.ended_on as date) as ended_on,
        cast(event.is_ongoing as boolean) as is_ongoing,
        cast(event.line as integer) as line,
        cast(event.label as varchar) as label,
        cast(event.code as varchar) as code,
        cast(event.detail as varchar) as detail,
        cast(event.value_sum as decimal(28, 12)) as value_sum,
        cast(event.value_n as bigint) as value_n,
        cast(event.sample_id as varchar) as sample_id,
        cast(event.gene as varchar) as gene,
        cast(event.variant as varchar) as variant,
        cast(event.is_other_origin as boolean) as is_other_origin,
        cast(event.level_metric as varchar) as level_metric,
        cast(event.quantity_kind as varchar) as quantity_kind,
        cast(event.n_detected as bigint) as n_detected,
        cast(event.n_variants as bigint) as n_variants,
        cast(event.series_no as integer) as series_no,
        cast(event.assay as varchar) as assay,
        cast(event.assay_panel as varchar) as assay_panel,
        cast(event.tracks as varchar) as tracks,
        cast(event.lod_ppm as decimal(10, 3)) as lod_ppm,
        cast(event.loq_ppm as decimal(10, 3)) as loq_ppm,
        cast(event.cfdna_ng_per_ml as decimal(12, 4)) as cfdna_ng_per_ml,
        cast(event.alt_molecules as bigint) as alt_molecules,
        cast(event.total_molecules as bigint) as total_molecules,
        cast(event.mean_sum_ppm as decimal(20, 3)) as mean_sum_ppm,
        cast(event.mean_n as bigint) as mean_n,
        cast(event.max_maf_ppm as decimal(10, 3)) as max_maf_ppm,
        cast(event.reason as varchar) as reason,
        cast(event.draw_timing as varchar) as draw_timing,
        cast(event.timing_line as integer) as timing_line,
        cast(event.reported_on as date) as reported_on,
        cast(event.is_unreliable as boolean) as is_unreliable,
        cast(event.days_since_local as integer) as days_since_local,
        cast(event.rule as varchar) as rule,
        cast(event.source_table as varchar) as source_table,
        cast(event.source_key as varchar) as source_key
    from event
    inner join usable_patient as patient on event.patient_id = patient.patient_id
    where event.occurred_on <= patient.observed_until
)
select * from final
