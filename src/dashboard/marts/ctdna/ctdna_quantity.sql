-- One row per ctDNA sample collected while the patient was observed, with what was measured in it.
with sole_panel as (
    select assay, max(panel) as panel from assay_panel where assay is not null group by assay having count(*) = 1
),
-- A sample with nothing but germline variants or clonal haematopoiesis holds no ctDNA (docs/decisions 0009).
origin_total as (
    select
        sample_id,
        count(case when coalesce(origin, 'unknown') not in ('germline', 'clonal_haematopoiesis') then 1 end)
            as n_of_tumour
    from usable_variant
    where status <> 'not_detected'
    group by sample_id
),
drawn as (
    select
        collected.*,
        collected.status in ('detected', 'below_loq') and coalesce(origin_total.n_of_tumour = 0, false)
        and collected.quantity_value is null as is_other_origin_only
    from usable_ctdna_sample as collected
    left join origin_total on collected.sample_id = origin_total.sample_id
),
samples as (
    select
        drawn.sample_id, drawn.patient_id, drawn.collected_on, drawn.reported_on, drawn.is_other_origin_only,
        case when drawn.is_other_origin_only then 'not_detected' else drawn.status end as status, drawn.draw,
        drawn.reason, drawn.failure_reason, drawn.assay, coalesce(drawn.panel, sole_panel.panel) as panel,
        drawn.lod_ppm, drawn.loq_ppm, drawn.quantity_kind, drawn.quantity_value, drawn.row_key,
        drawn.status in ('detected', 'below_loq', 'not_detected') as has_result,
        coalesce(drawn.collected_on_precision, 'day') = 'day' as is_day_known,
        case when drawn.status = 'not_done' then 1 else 0 end as was_not_done
    from drawn
    inner join usable_patient as patient on drawn.patient_id = patient.patient_id
    left join sole_panel on drawn.assay = sole_panel.assay
    where drawn.collected_on <= patient.observed_until
),
-- Of two samples of one day and assay of which one was detected, the detected one counts (the check DQ35 names both).
detected_day as (
    select distinct patient_id, collected_on, coalesce(assay, '') as assay, coalesce(panel, '') as panel
    from samples
    where status in ('detected', 'below_loq') and is_day_known
),
weighed as (
    select
        samples.*,
        samples.status = 'not_detected' and samples.is_day_known and detected_day.patient_id is not null
            as is_outweighed
    from samples
    left join detected_day
        on
            samples.patient_id = detected_day.patient_id and samples.collected_on = detected_day.collected_on
            and coalesce(samples.assay, '') = detected_day.assay and coalesce(samples.panel, '') = detected_day.panel
),
described as (
    select
        weighed.*, assay_panel.tracks, has_result and not is_outweighed as is_valid,
        coalesce(assay_panel.tracks, 'unknown') = 'tumour_informed' as is_tumour_informed,
        coalesce(weighed.lod_ppm, assay_panel.lod_ppm) as sample_lod_ppm,
        coalesce(weighed.loq_ppm, assay_panel.loq_ppm) as sample_loq_ppm,
        case
            when was_not_done = 0
                then row_number() over (
                    partition by weighed.patient_id, was_not_done
                    order by
                        collected_on nulls last, case when is_outweighed then 1 else 0 end nulls last,
                        sample_id nulls last, row_key nulls last
                )
        end as draw_no
    from weighed
    left join assay_panel on weighed.panel = assay_panel.panel
),
-- Copy number is no allele fraction (clinical-decisions A35); germline and clonal haematopoiesis stay outside mean and
-- max (clinical-rules 3.5); a tumour-informed assay counts its tracked set only (A3).
counted as (
    select
        variant.sample_id, variant.maf_ppm, variant.status, described.is_tumour_informed,
        variant.gene || ' ' || variant.variant as tracked
    from usable_variant as variant
    inner join described on variant.sample_id = described.sample_id
    where
        variant.variant not in ('amplification', 'deletion', 'loss')
        and (variant.copy_number is null or variant.maf_ppm is not null)
        and coalesce(variant.origin, 'unknown') not in ('germline', 'clonal_haematopoiesis')
        and (not described.is_tumour_informed or coalesce(variant.is_tracked, true))
),
total as (
    select
        sample_id, count(*) as n_variants,
        count(case when status <> 'not_detected' then 1 end) as n_detected,
        count(case when status = 'below_loq' or (status = 'detected' and maf_ppm is null) then 1 end) as n_no_number,
        cast(sum(case when status = 'detected' then maf_ppm end) as decimal(28, 12)) as sum_ppm,
        max(case when status = 'detected' then maf_ppm end) as max_ppm
    from counted
    group by sample_id
),
tracked_set as (
    select sample_id, array_to_string(list_sort(list(tracked)), ' | ') as tracked_set
    from counted
    where is_tumour_informed
    group by sample_id
),
measured as (
    select
        described.*, tracked_set.tracked_set, coalesce(total.n_variants, 0) as n_variants,
        coalesce(total.n_detected, 0) as n_detected,
        case when status = 'detected' and n_no_number = 0 and sum_ppm > 0 then sum_ppm end as mean_sum_ppm,
        case when status = 'detected' and max_ppm > 0 then max_ppm end as max_maf_ppm,
        case
            when status not in ('detected', 'below_loq', 'not_detected') then 'LEVEL_NO_RESULT'
            when is_other_origin_only then 'LEVEL_OTHER_ORIGIN'
            when status = 'not_detected' then 'LEVEL_NOT_DETECTED'
            when status = 'below_loq' then 'LEVEL_BELOW_LOQ'
            when total.n_variants > 0 and is_tumour_informed and n_no_number = 0 and sum_ppm > 0 then 'LEVEL_MEAN'
            when total.n_variants > 0 and not is_tumour_informed and max_ppm > 0 then 'LEVEL_MAX'
            when total.n_variants is null and quantity_kind is not null and quantity_value > 0 then 'LEVEL_REPORTED'
            else 'LEVEL_NO_NUMBER'
        end as rule,
        case
            when total.n_variants > 0 then 'maf_ppm'
            when status in ('detected', 'below_loq') and quantity_value is not null then quantity_kind
        end as sample_kind
    from described
    left join total on described.sample_id = total.sample_id
    left join tracked_set on described.sample_id = tracked_set.sample_id
),
final as (
    select
        cast(sample_id as varchar) as sample_id,
        cast(patient_id as varchar) as patient_id,
        cast(draw_no as integer) as draw_no,
        cast(collected_on as date) as collected_on,
        cast(reported_on as date) as reported_on,
        cast(status as varchar) as status,
        cast(failure_reason as varchar) as failure_reason,
        cast(draw as varchar) as draw,
        cast(reason as varchar) as reason,
        cast(assay as varchar) as assay,
        cast(panel as varchar) as panel,
        cast(tracks as varchar) as tracks,
        cast(tracked_set as varchar) as tracked_set,
        cast(is_valid as boolean) as is_valid,
        cast(is_outweighed as boolean) as is_outweighed,
        cast(sample_kind as varchar) as quantity_kind,
        cast(
            case rule when 'LEVEL_MEAN' then 'MEAN' when 'LEVEL_MAX' then 'MAX' when 'LEVEL_REPORTED' then 'REPORTED' end
            as varchar
        ) as level_metric,
        cast(
            case rule
                when 'LEVEL_MEAN' then cast(mean_sum_ppm as decimal(28, 12))
                when 'LEVEL_MAX' then cast(max_maf_ppm as decimal(28, 12))
                when 'LEVEL_REPORTED' then cast(quantity_value as decimal(28, 12))
            end as decimal(28, 12)
        ) as level_sum,
        cast(
            case rule when 'LEVEL_MEAN' then n_variants when 'LEVEL_MAX' then 1 when 'LEVEL_REPORTED' then 1 end
            as bigint
        ) as level_n,
        cast(mean_sum_ppm as decimal(20, 3)) as mean_sum_ppm,
        cast(case when mean_sum_ppm is not null then n_variants end as bigint) as mean_n,
        cast(max_maf_ppm as decimal(10, 3)) as max_maf_ppm,
        cast(n_variants as bigint) as n_variants,
        cast(n_detected as bigint) as n_detected,
        cast(sample_lod_ppm as decimal(10, 3)) as lod_ppm,
        cast(sample_loq_ppm as decimal(10, 3)) as loq_ppm,
        cast(rule as varchar) as rule,
        cast('ctdna_sample' as varchar) as source_table,
        cast(row_key as varchar) as source_key
    from measured
)
select * from final
