-- One row per planned draw or scan of a patient with the days it may be done on, up to the day nothing is expected any more.
with patient as (
    select patient_id, enrolled_on, observed_until from usable_patient
),

one_digit as (
    select 0 as digit
    union all select 1 union all select 2 union all select 3 union all select 4
    union all select 5 union all select 6 union all select 7 union all select 8 union all select 9
),

repeat_number as (
    select cast(100 * hundreds.digit + 10 * tens.digit + units.digit as integer) as repeat_no
    from one_digit as hundreds
    cross join one_digit as tens
    cross join one_digit as units
    where hundreds.digit < 2 and 100 * hundreds.digit + 10 * tens.digit + units.digit >= 1
),

plan as (
    select
        visit_plan.*, coalesce(is_protocol, true) as is_required,
        repeat_days is not null and coalesce(repeat_from, 'anchor') = 'last_done' as is_rolling
    from visit_plan
    where kind in ('ctdna', 'imaging')
),

anchor as (
    select
        plan.item, milestone.patient_id, case when plan.line_scope = 'line' then milestone.line end as line,
        min(milestone.occurred_on) as anchor_on
    from plan
    inner join milestone on plan.anchor = milestone.kind
    group by plan.item, milestone.patient_id, case when plan.line_scope = 'line' then milestone.line end
),

-- A line is over once its treatment has ended and its progression is recorded: no further scan is asked for.
line_over as (
    select
        patient_id, line, case when ended_on > progressed_on then ended_on else progressed_on end as over_on
    from line_of_therapy
    where ended_on is not null and progressed_on is not null and not coalesce(is_ongoing, false)
),

-- Where its plan says so, an item of a line is over on the day the next line starts.
later_line as (
    select earlier.patient_id, earlier.line, min(later.started_on) as started_on
    from line_of_therapy as earlier
    inner join line_of_therapy as later on earlier.patient_id = later.patient_id and earlier.line < later.line
    group by earlier.patient_id, earlier.line
),

anchored as (
    select
        anchor.item, anchor.patient_id, anchor.line, anchor.anchor_on, plan.label, plan.kind, plan.is_required,
        plan.is_rolling, plan.opens_months, plan.closes_months, plan.opens_days, plan.closes_days, plan.repeat_days,
        plan.repeat_until_months, coalesce(plan.window_days, 0) as window_days,
        coalesce(plan.grace_days, 0) as grace_days,
        patient.observed_until, patient.enrolled_on, off.off_on, off.reason as off_reason,
        off.happened_on as off_happened_on, line_over.over_on,
        case
            when plan.line_scope = 'line' then lead(anchor.anchor_on) over (
                partition by anchor.patient_id, anchor.item order by anchor.line nulls last
            )
        end as next_anchor_on,
        later_line.started_on as next_line_on
    from anchor
    inner join plan on anchor.item = plan.item
    inner join patient on anchor.patient_id = patient.patient_id
    left join follow_up_off as off on anchor.patient_id = off.patient_id and plan.kind = off.kind
    left join line_over
        on
            anchor.patient_id = line_over.patient_id and anchor.line = line_over.line
            and plan.kind = 'imaging' and plan.repeat_days is not null and line_over.over_on <= patient.observed_until
    left join later_line
        on
            anchor.patient_id = later_line.patient_id and anchor.line = later_line.line
            and plan.is_over_at_next_line and later_line.started_on <= patient.observed_until
),

done_day as (
    select distinct patient_id, kind, done_on from follow_up_done
),

-- What a repeated due date counts from: the anchor, and where it rolls every one done after it in the same line.
from_day as (
    select anchored.*, anchor_on as from_on from anchored where repeat_days is not null
    union all
    select anchored.*, done_day.done_on
    from anchored
    inner join done_day on anchored.patient_id = done_day.patient_id and anchored.kind = done_day.kind
    where
        anchored.is_rolling and done_day.done_on > anchored.anchor_on
        and (anchored.next_anchor_on is null or done_day.done_on <= anchored.next_anchor_on)
),

span as (
    select
        from_day.*,
        lead(from_on) over (
            partition by patient_id, item, line order by from_on nulls last
        ) as until_done_on,
        -- The last day that asks for a further window; the first window after it is still shown.
        least(
            coalesce(off_on, observed_until), coalesce(next_anchor_on, observed_until), coalesce(over_on, observed_until)
        ) as asked_until
    from from_day
),

due_window as (
    select
        anchored.*, cast(0 as integer) as repeat_no, cast(null as date) as from_on, cast(null as date) as due_on,
        cast(null as date) as until_done_on, cast(null as date) as reached_on,
        coalesce(
            add_months(anchor_on, opens_months), anchor_on + cast(coalesce(opens_days, 0) as integer)
        ) as opens_on,
        coalesce(
            add_months(anchor_on, closes_months), anchor_on + cast(coalesce(closes_days, 0) as integer)
        ) as closes_on
    from anchored
    where repeat_days is null
    union all
    select
        span.item, span.patient_id, span.line, span.anchor_on, span.label, span.kind, span.is_required, span.is_rolling,
        span.opens_months, span.closes_months, span.opens_days, span.closes_days, span.repeat_days,
        span.repeat_until_months, span.window_days, span.grace_days, span.observed_until, span.enrolled_on,
        span.off_on, span.off_reason, span.off_happened_on, span.over_on, span.next_anchor_on,
        span.next_line_on, repeat_number.repeat_no, span.from_on,
        span.from_on + cast(repeat_number.repeat_no * span.repeat_days as integer),
        span.until_done_on,
        -- The next one done belongs to the last window that had opened by then.
        case
            when span.from_on + cast((repeat_number.repeat_no + 1) * span.repeat_days - span.window_days as integer)
                > span.until_done_on
                then span.until_done_on
        end,
        span.from_on + cast(repeat_number.repeat_no * span.repeat_days - span.window_days as integer),
        span.from_on + cast(repeat_number.repeat_no * span.repeat_days + span.window_days as integer)
    from span
    inner join repeat_number
        on
            (span.until_done_on is null and repeat_number.repeat_no = 1)
            or (repeat_number.repeat_no - 1) * span.repeat_days
            <= date_diff('day', span.from_on, coalesce(span.until_done_on, span.asked_until))
    where
        (
            span.until_done_on is null
            or span.from_on + cast(repeat_number.repeat_no * span.repeat_days - span.window_days as integer)
            <= span.until_done_on
        )
        and (
            span.repeat_until_months is null
            or span.from_on + cast(repeat_number.repeat_no * span.repeat_days as integer)
            <= add_months(span.anchor_on, span.repeat_until_months)
        )
),

-- A next line that starts before the window opens leaves no day of it: it is not expected, and its days stay.
numbered as (
    select
        due_window.*,
        case when next_line_on between opens_on and closes_on then next_line_on else closes_on end as last_on,
        case
            when is_rolling then row_number() over (
                partition by patient_id, item, line order by opens_on nulls last
            )
            else repeat_no
        end as occurrence
    from due_window
    where next_anchor_on is null or opens_on < next_anchor_on
),

graced as (
    select numbered.*, cast(last_on as date) + cast(grace_days as integer) as grace_until from numbered
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(
            'window ' || item || ' ' || coalesce(cast(line as varchar), '-') || ' ' || cast(occurrence as varchar)
            as varchar
        ) as window_key,
        cast(item as varchar) as item,
        cast(kind as varchar) as kind,
        cast(label as varchar) as label,
        cast(line as integer) as line,
        cast(occurrence as integer) as occurrence,
        cast(is_required as boolean) as is_protocol,
        cast(coalesce(due_on, last_on) as date) as due_on,
        cast(opens_on as date) as opens_on,
        cast(last_on as date) as closes_on,
        cast(grace_days as integer) as grace_days,
        cast(repeat_days as integer) as repeat_days,
        cast(anchor_on as date) as anchor_on,
        cast(from_on as date) as from_on,
        cast(until_done_on as date) as until_done_on,
        cast(reached_on as date) as reached_on,
        cast(next_anchor_on as date) as next_anchor_on,
        cast(next_line_on as date) as next_line_on,
        cast(over_on as date) as line_over_on,
        cast(off_on as date) as off_on,
        cast(off_reason as varchar) as off_reason,
        cast(off_happened_on as date) as off_happened_on,
        cast(enrolled_on as date) as enrolled_on,
        cast(observed_until as date) as observed_until,
        -- The first to be over, its grace included; of items that no line has of its own the first of the patient.
        cast(
            row_number() over (
                partition by patient_id, kind, coalesce(line, 0)
                order by grace_until nulls last, item nulls last, occurrence nulls last
            ) = 1 as boolean
        ) as is_first_of_line
    from graced
)

select * from final
