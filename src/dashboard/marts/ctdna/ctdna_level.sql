-- One row per ctDNA sample collected while the patient was observed, with its level, timing, series and baseline flag.
with samples as (
    select
        drawn.*, timing.draw_timing, timing.timing_line, timing.line, timing.day_of_line, timing.is_in_index_window,
        timing.days_from_first_local, timing.days_since_local, timing.is_unreliable, timing.is_near_progression,
        series.series_no, series.series_rule
    from ctdna_quantity as drawn
    inner join ctdna_timing as timing on drawn.sample_id = timing.sample_id
    inner join ctdna_series as series on drawn.sample_id = series.sample_id
),
-- The baseline: the last valid draw before treatment, else the first valid draw (A2).
counted as (
    select
        *,
        max(case when is_valid and is_in_index_window then draw_no end) over (partition by patient_id) as pre_draw_no,
        min(case when is_valid then draw_no end) over (partition by patient_id) as first_draw_no
    from samples
),
flagged as (
    select *, is_valid and draw_no = coalesce(pre_draw_no, first_draw_no) as is_baseline from counted
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
        cast(series_no as integer) as series_no,
        cast(series_rule as varchar) as series_rule,
        cast(quantity_kind as varchar) as quantity_kind,
        cast(draw_timing as varchar) as draw_timing,
        cast(timing_line as integer) as timing_line,
        cast(line as integer) as line,
        cast(day_of_line as integer) as day_of_line,
        cast(days_from_first_local as integer) as days_from_first_local,
        cast(is_valid as boolean) as is_valid,
        cast(is_outweighed as boolean) as is_outweighed,
        cast(is_valid and is_in_index_window as boolean) as is_baseline_candidate,
        cast(is_baseline as boolean) as is_baseline,
        cast(
            case
                when not is_baseline then null
                when pre_draw_no is not null then 'BASELINE_PRE_TREATMENT'
                else 'BASELINE_FIRST_VALID'
            end as varchar
        ) as baseline_rule,
        -- Before another line than the index line is not before the index treatment (A2, docs/decisions 0018).
        cast(
            case
                when not is_baseline then null
                when draw_timing = 'PRE_TREATMENT' and pre_draw_no is null then 'OTHER_LINE'
                else draw_timing
            end as varchar
        ) as baseline_timing,
        cast(level_metric as varchar) as level_metric,
        cast(level_sum as decimal(28, 12)) as level_sum,
        cast(level_n as bigint) as level_n,
        cast(mean_sum_ppm as decimal(20, 3)) as mean_sum_ppm,
        cast(mean_n as bigint) as mean_n,
        cast(max_maf_ppm as decimal(10, 3)) as max_maf_ppm,
        cast(n_variants as bigint) as n_variants,
        cast(n_detected as bigint) as n_detected,
        cast(lod_ppm as decimal(10, 3)) as lod_ppm,
        cast(loq_ppm as decimal(10, 3)) as loq_ppm,
        cast(days_since_local as integer) as days_since_local,
        cast(is_unreliable as boolean) as is_unreliable,
        cast(is_near_progression as boolean) as is_near_progression,
        cast(rule as varchar) as rule,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from flagged
)
select * from final
