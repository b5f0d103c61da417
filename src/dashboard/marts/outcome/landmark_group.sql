-- One row per landmark endpoint, patient and origin: the ctDNA state as of the landmark, from draws on or before it.
with landmark as (
    select distinct endpoint_id
    from endpoint_rule
    where role = 'origin' and (plus_months is not null or plus_days is not null or milestone = 'second_draw')
),

origin as (
    select
        time_to_event.endpoint_id,
        time_to_event.patient_id,
        time_to_event.origin_no,
        time_to_event.origin_on
    from time_to_event
    inner join landmark on time_to_event.endpoint_id = landmark.endpoint_id
    where time_to_event.origin_on is not null
),

-- Only what was drawn by then: a group that needs a later sample would look into the future.
draw as (
    select
        origin.endpoint_id,
        origin.patient_id,
        origin.origin_no,
        ctdna_state.sample_id,
        ctdna_state.collected_on,
        ctdna_state.state,
        ctdna_state.direction,
        row_number() over (
            partition by origin.endpoint_id, origin.patient_id, origin.origin_no
            order by ctdna_state.collected_on desc nulls last, ctdna_state.draw_no desc nulls last
        ) as place
    from origin
    inner join ctdna_state on origin.patient_id = ctdna_state.patient_id
    inner join ctdna_level on ctdna_state.sample_id = ctdna_level.sample_id
    where ctdna_level.is_valid and ctdna_state.collected_on <= origin.origin_on
),

final as (
    select
        cast(origin.endpoint_id as varchar) as endpoint_id,
        cast(origin.patient_id as varchar) as patient_id,
        cast(origin.origin_no as integer) as origin_no,
        cast(origin.origin_on as date) as landmark_on,
        cast(draw.sample_id as varchar) as sample_id,
        cast(draw.collected_on as date) as collected_on,
        cast(coalesce(draw.state, 'NO_SAMPLE') as varchar) as state,
        cast(draw.direction as varchar) as direction
    from origin
    left join draw
        on
            origin.endpoint_id = draw.endpoint_id
            and origin.patient_id = draw.patient_id
            and origin.origin_no = draw.origin_no
            and draw.place = 1
)

select * from final
