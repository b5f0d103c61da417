-- One row per ctDNA sample with its series of comparable samples; one without a result has that of the valid draw before.
-- A sample that names no quantity keeps the last one named.
with kind_group as (
    select
        patient_id, draw_no, quantity_kind, tracked_set, coalesce(assay, '') as assay, coalesce(panel, '') as panel,
        count(quantity_kind) over (
            partition by patient_id order by draw_no nulls last rows between unbounded preceding and current row
        ) as kind_no
    from ctdna_quantity
    where is_valid
),
kind_known as (
    select kind_group.*, max(quantity_kind) over (partition by patient_id, kind_no) as kind from kind_group
),
change as (
    select
        kind_known.*,
        case
            when lag(assay) over (partition by patient_id order by draw_no nulls last) <> assay then 'ASSAY_CHANGED'
            when lag(panel) over (partition by patient_id order by draw_no nulls last) <> panel then 'ASSAY_CHANGED'
            when lag(kind) over (partition by patient_id order by draw_no nulls last) <> kind then 'QUANTITY_CHANGED'
        end as change_rule
    from kind_known
),
run as (
    select
        change.*,
        count(change_rule) over (
            partition by patient_id order by draw_no nulls last rows between unbounded preceding and current row
        ) as run_no
    from change
),
-- The tracked set is named by the first draw of the run that had it; a draw without variants keeps the last set.
set_named as (
    select
        run.*,
        case
            when tracked_set is not null then min(draw_no) over (partition by patient_id, run_no, tracked_set)
        end as set_draw_no
    from run
),
set_group as (
    select
        set_named.*,
        min(set_draw_no) over (partition by patient_id, run_no) as first_set_draw_no,
        count(set_draw_no) over (
            partition by patient_id, run_no order by draw_no nulls last
            rows between unbounded preceding and current row
        ) as set_no
    from set_named
),
set_known as (
    select
        set_group.*,
        coalesce(
            max(case when set_draw_no <> first_set_draw_no then set_draw_no end)
                over (partition by patient_id, run_no, set_no),
            0
        ) as set_key
    from set_group
),
series_first as (
    select set_known.*, min(draw_no) over (partition by patient_id, run_no, set_key) as first_draw_no from set_known
),
series_count as (
    select
        series_first.*,
        count(case when draw_no = first_draw_no then 1 end) over (
            partition by patient_id order by draw_no nulls last rows between unbounded preceding and current row
        ) as n_series,
        case
            when draw_no <> first_draw_no then null
            when set_key <> 0 then 'TRACKED_SET_CHANGED'
            else coalesce(change_rule, 'FIRST_SERIES')
        end as start_rule
    from series_first
),
series as (
    select
        patient_id, draw_no,
        min(n_series) over (partition by patient_id, run_no, set_key) as series_no,
        max(start_rule) over (partition by patient_id, run_no, set_key) as series_rule
    from series_count
),
last_valid as (
    select
        sample_id, patient_id, draw_no,
        max(case when is_valid then draw_no end) over (
            partition by patient_id order by draw_no nulls last, sample_id nulls last
            rows between unbounded preceding and current row
        ) as valid_draw_no
    from ctdna_quantity
),
final as (
    select
        cast(last_valid.sample_id as varchar) as sample_id,
        cast(last_valid.patient_id as varchar) as patient_id,
        cast(last_valid.draw_no as integer) as draw_no,
        cast(series.series_no as integer) as series_no,
        cast(series.series_rule as varchar) as series_rule
    from last_valid
    left join series on last_valid.patient_id = series.patient_id and last_valid.valid_draw_no = series.draw_no
)
select * from final
