-- One row per patient of whom the study plans a second ctDNA draw: its window, and whether it is still open or was missed.
-- The second draw is the first one planned once that opens after enrolment.
with second_draw as (
    select
        item,
        row_number() over (order by coalesce(opens_months * 30, opens_days) nulls last, item nulls last) as place
    from visit_plan
    where
        kind = 'ctdna' and anchor = 'enrolment' and repeat_days is null
        and (coalesce(opens_months, 0) > 0 or coalesce(opens_days, 0) > 0)
),

final as (
    select
        cast(follow_up.patient_id as varchar) as patient_id,
        cast(follow_up.item as varchar) as item,
        cast(follow_up.state as varchar) as state,
        cast(follow_up.closes_on as date) as closes_on,
        cast(follow_up.grace_until as date) as grace_until,
        cast(coalesce(follow_up.observed_until <= follow_up.grace_until, false) as boolean) as is_open,
        -- A draw of who died, withdrew or was not to be drawn by then was never owed; in the grace it still may come.
        cast(follow_up.state in ('OVERDUE', 'CANNOT_BE_OBTAINED') as boolean) as is_missed
    from follow_up
    inner join second_draw on follow_up.item = second_draw.item and second_draw.place = 1
)

select * from final
