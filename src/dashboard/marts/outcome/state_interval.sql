-- One row per patient and stretch (started_on, stopped_on] between valid ctDNA draws, for time-dependent analysis.
-- The state is known from the draw that opens the stretch; the last one is open (stopped_on empty).
with draw as (
    select
        ctdna_state.patient_id,
        ctdna_state.draw_no,
        ctdna_state.sample_id,
        ctdna_state.collected_on,
        ctdna_state.state,
        row_number() over (
            partition by ctdna_state.patient_id, ctdna_state.collected_on
            order by ctdna_state.draw_no desc nulls last
        ) as place_on_day
    from ctdna_state
    inner join ctdna_level on ctdna_state.sample_id = ctdna_level.sample_id
    where ctdna_level.is_valid
),

-- Two draws on one day would make a stretch of no length: the last of the day speaks.
daily as (
    select * from draw where place_on_day = 1
),

stretch as (
    select
        daily.*,
        row_number() over (partition by patient_id order by collected_on nulls last, draw_no nulls last) as interval_no,
        lead(collected_on) over (
            partition by patient_id order by collected_on nulls last, draw_no nulls last
        ) as stopped_on,
        case when state in ('CLEARED_UNCONFIRMED', 'CLEARED_SUSTAINED') then 1 else 0 end as is_clear_now
    from daily
),

with_history as (
    select
        stretch.*,
        cast(
            max(is_clear_now) over (
                partition by patient_id
                order by collected_on nulls last, draw_no nulls last
                rows between unbounded preceding and current row
            ) as integer
        ) as has_cleared
    from stretch
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(interval_no as integer) as interval_no,
        cast(sample_id as varchar) as sample_id,
        cast(collected_on as date) as started_on,
        cast(stopped_on as date) as stopped_on,
        cast(state as varchar) as state,
        cast(is_clear_now = 1 as boolean) as is_cleared,
        cast(has_cleared = 1 as boolean) as has_ever_cleared
    from with_history
)

select * from final
