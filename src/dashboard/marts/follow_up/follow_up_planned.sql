-- One row per planned draw or scan of a patient with its state as of the last day observed (A23).
with taken as (
    select
        planned.patient_id, planned.window_key,
        max(case when done.done_on < planned.closes_on then done.done_on end) as last_done_on,
        min(case when done.done_on > planned.closes_on then done.done_on end) as next_done_on
    from planned_window as planned
    inner join follow_up_done as done on planned.patient_id = done.patient_id and planned.kind = done.kind
    group by planned.patient_id, planned.window_key
),

progression as (
    select planned.patient_id, planned.window_key, min(milestone.occurred_on) as progressed_on
    from planned_window as planned
    inner join milestone
        on
            planned.patient_id = milestone.patient_id and milestone.occurred_on > planned.anchor_on
            and milestone.kind in ('radiological_progression', 'clinical_progression')
    where planned.kind = 'ctdna'
    group by planned.patient_id, planned.window_key
),

-- Until its grace is over an item is due now (A23): who leaves by then owes it no more. A next line leaves no grace.
window_end as (
    select
        planned_window.*,
        case
            when next_line_on <= closes_on + cast(grace_days as integer) then next_line_on
            else closes_on + cast(grace_days as integer)
        end as grace_until
    from planned_window
),

gathered as (
    select
        planned.*, matched.done_no, matched.done_on, matched.days_outside, matched.source_table as done_table,
        matched.source_key as done_key, taken.last_done_on, taken.next_done_on, progression.progressed_on,
        study.closing_soon_days,
        -- Nothing done after the window counts for it, and what ends it is the next line.
        coalesce(plan.is_over_at_next_line and plan.late_days = 0 and plan.grace_days = 0, false) as is_of_window_only,
        case
            when planned.off_on <= planned.grace_until then planned.off_reason
            when planned.next_line_on < planned.opens_on then 'NEXT_LINE'
            when planned.next_anchor_on <= planned.closes_on and planned.next_line_on is null then 'NEXT_LINE'
            when planned.line_over_on <= planned.closes_on then 'LINE_OVER'
            -- The study asks for nothing before enrolment; what was done then is shown.
            when planned.closes_on < planned.enrolled_on then 'BEFORE_ENROLMENT'
            when planned.reached_on is not null then 'COUNTED_ELSEWHERE'
        end as no_need
    from window_end as planned
    inner join visit_plan as plan on planned.item = plan.item
    cross join study
    left join follow_up_match as matched
        on planned.patient_id = matched.patient_id and planned.window_key = matched.window_key
    left join taken on planned.patient_id = taken.patient_id and planned.window_key = taken.window_key
    left join progression
        on planned.patient_id = progression.patient_id and planned.window_key = progression.window_key
),

-- The day from which what was not done cannot be made up for; a later draw does not move it.
dated as (
    select
        gathered.*,
        case
            when next_line_on <= coalesce(next_done_on, next_line_on) then next_line_on
            else coalesce(next_done_on, next_anchor_on, line_over_on, off_on)
        end as passed_on,
        coalesce(next_line_on, next_done_on, next_anchor_on, line_over_on) is null as is_passed_by_leaving
    from gathered
),

stated as (
    select
        dated.*,
        case
            when days_outside = 0 then 'DONE_IN_WINDOW'
            when days_outside is not null then 'DONE_OUTSIDE_WINDOW'
            when no_need is not null then 'NOT_EXPECTED'
            when observed_until < opens_on then 'NOT_YET_DUE'
            -- Closed without it, and then left, treated otherwise, or seen again: it cannot be made up for.
            when coalesce(off_on, next_line_on, next_anchor_on, line_over_on, next_done_on) is not null then 'CANNOT_BE_OBTAINED'
            when observed_until > grace_until then 'OVERDUE'
            when observed_until <= closes_on and date_diff('day', observed_until, closes_on) <= closing_soon_days
                then 'CLOSES_SOON'
            else 'DUE_NOW'
        end as state
    from dated
),

ruled as (
    select
        stated.*,
        case state
            when 'DONE_IN_WINDOW' then 'FOLLOW_UP_DONE_IN_WINDOW'
            when 'DONE_OUTSIDE_WINDOW'
                then case when days_outside < 0 then 'FOLLOW_UP_DONE_BEFORE' else 'FOLLOW_UP_DONE_AFTER' end
            when 'NOT_EXPECTED' then 'FOLLOW_UP_' || no_need
            when 'CANNOT_BE_OBTAINED'
                then case
                    when passed_on = next_line_on then 'FOLLOW_UP_LINE_STARTED'
                    when is_passed_by_leaving then 'FOLLOW_UP_OFF_STUDY'
                    else 'FOLLOW_UP_PASSED'
                end || case when is_protocol then '' else '_ASSUMED' end
            when 'OVERDUE'
                then 'FOLLOW_UP_OVERDUE' || case
                    when not is_protocol then '_ASSUMED' when is_of_window_only then '_OF_WINDOW_ONLY'
                    when progressed_on is not null then '_PROGRESSED' else ''
                end
            when 'DUE_NOW'
                then case when observed_until > closes_on then 'FOLLOW_UP_IN_GRACE' else 'FOLLOW_UP_DUE_NOW' end
            else 'FOLLOW_UP_' || state
        end as rule
    from stated
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(window_key as varchar) as window_key,
        cast(item as varchar) as item,
        cast(occurrence as integer) as occurrence,
        cast(kind as varchar) as kind,
        cast(label as varchar) as label,
        cast(line as integer) as line,
        cast(is_protocol as boolean) as is_protocol,
        cast(repeat_days is not null as boolean) as is_repeated,
        cast(state as varchar) as state,
        cast(due_on as date) as due_on,
        cast(opens_on as date) as opens_on,
        cast(closes_on as date) as closes_on,
        cast(grace_until as date) as grace_until,
        cast(done_on as date) as done_on,
        cast(days_outside as integer) as days_outside,
        cast(case when state = 'OVERDUE' then date_diff('day', closes_on, observed_until) end as integer) as days_late,
        cast(
            case
                when state = 'NOT_EXPECTED' then no_need
                when state = 'CANNOT_BE_OBTAINED' and is_passed_by_leaving then off_reason
            end as varchar
        ) as reason,
        cast(
            case
                when state = 'NOT_EXPECTED'
                    then case no_need
                        when 'NEXT_LINE' then coalesce(next_line_on, next_anchor_on) when 'LINE_OVER' then line_over_on when 'BEFORE_ENROLMENT' then enrolled_on
                        when 'COUNTED_ELSEWHERE' then reached_on else off_happened_on
                    end
                when state = 'CANNOT_BE_OBTAINED' then passed_on
            end as date
        ) as reason_on,
        cast(last_done_on as date) as last_done_on,
        cast(
            case
                when done_on is null and observed_until > closes_on
                    then date_diff(
                        'day', coalesce(last_done_on, anchor_on), coalesce(next_done_on, off_on, observed_until)
                    )
            end as integer
        ) as days_without,
        cast(progressed_on as date) as progressed_on,
        cast(observed_until as date) as observed_until,
        cast(done_table as varchar) as done_table,
        cast(done_key as varchar) as done_key,
        cast(rule as varchar) as rule
    from ruled
)

select * from final
