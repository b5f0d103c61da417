-- One row per planned window that was fulfilled, with the draw or scan that did it; each fulfils one window at most.
with planned as (
    select
        planned_window.*, plan.early_days, plan.late_days,
        -- A window that closed before its patient joined. The draw given on the day of enrolment is a baseline, never that
        -- of a progression long before.
        planned_window.closes_on < planned_window.enrolled_on and not coalesce(plan.is_at_progression, false)
            as is_joined_later
    from planned_window
    inner join visit_plan as plan on planned_window.item = plan.item
),

candidate as (
    select
        planned.patient_id, planned.window_key, planned.closes_on, done.kind, done.done_no, done.done_on,
        done.source_table, done.source_key,
        -- Days before the window (negative), after it (positive), or 0 inside it.
        case
            when done.done_on < planned.opens_on then -date_diff('day', done.done_on, planned.opens_on)
            when done.done_on > planned.closes_on then date_diff('day', planned.closes_on, done.done_on)
            else 0
        end as days_outside,
        -- The draw given on the day of enrolment is the one of the window that had closed before it.
        planned.repeat_days is null and planned.is_joined_later and done.done_on = planned.enrolled_on as is_enrolment_draw
    from planned
    inner join follow_up_done as done on planned.patient_id = done.patient_id and planned.kind = done.kind
    where
        (planned.next_line_on is null or done.done_on <= planned.next_line_on)
        and (
            done.done_on between planned.opens_on and planned.closes_on + cast(planned.grace_days as integer)
            -- Beyond the grace only an item planned once is done outside (A23), as far as its plan says, or the
            -- repeated one that the next in time belongs to.
            -- A window that closed before enrolment was never owed: nothing is done late in it.
            or (done.done_on = planned.reached_on and planned.closes_on >= planned.enrolled_on)
            or (
                planned.repeat_days is null
                and (
                    date_diff('day', done.done_on, planned.opens_on) <= planned.early_days
                    or planned.early_days is null
                    and (planned.opens_on < planned.anchor_on or done.done_on >= planned.anchor_on)
                )
                -- The study asks for nothing before enrolment: who joined later has the days after the window from there.
                and (
                    planned.late_days is null
                    or date_diff(
                        'day', case when planned.is_joined_later then planned.enrolled_on else planned.closes_on end,
                        done.done_on
                    ) <= planned.late_days
                )
                and (planned.next_anchor_on is null or done.done_on < planned.next_anchor_on)
            )
        )
),

-- Inside windows first, and of those closed before it the draw of enrolment: the draw or scan goes to the window that closes first, the window takes its earliest.
inside_claim as (
    select
        candidate.*,
        row_number() over (
            partition by patient_id, kind, done_no order by closes_on nulls last, window_key nulls last
        ) as window_place
    from candidate
    where days_outside = 0 or is_enrolment_draw
),

inside_choice as (
    select
        inside_claim.*,
        row_number() over (partition by patient_id, window_key order by done_no nulls last) as done_place
    from inside_claim
    where window_place = 1
),

inside as (
    select * from inside_choice where done_place = 1
),

-- Then what is left on both sides, the nearest first.
rest as (
    select
        candidate.*, abs(candidate.days_outside) as distance_days
    from candidate
    left join inside as filled
        on candidate.patient_id = filled.patient_id and candidate.window_key = filled.window_key
    left join inside as used
        on candidate.patient_id = used.patient_id and candidate.kind = used.kind and candidate.done_no = used.done_no
    where filled.window_key is null and used.window_key is null
),

rest_claim as (
    select
        rest.*,
        row_number() over (
            partition by patient_id, kind, done_no
            order by distance_days nulls last, closes_on nulls last, window_key nulls last
        ) as window_place
    from rest
),

rest_choice as (
    select
        rest_claim.*,
        row_number() over (
            partition by patient_id, window_key order by distance_days nulls last, done_no nulls last
        ) as done_place
    from rest_claim
    where window_place = 1
),

matched as (
    select patient_id, window_key, done_no, done_on, days_outside, source_table, source_key from inside
    union all
    select patient_id, window_key, done_no, done_on, days_outside, source_table, source_key
    from rest_choice where done_place = 1
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(window_key as varchar) as window_key,
        cast(done_no as integer) as done_no,
        cast(done_on as date) as done_on,
        cast(days_outside as integer) as days_outside,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from matched
)

select * from final
