-- One row per item that is owed, opens next or cannot be judged, in the order in which it is chased; then what was done
-- outside its window and what cannot be obtained any more, the latest first.
select
    follow_up.patient_id,
    follow_up.site_id,
    follow_up.item,
    follow_up.of_line,
    follow_up.occurrence,
    follow_up.window_key,
    follow_up.kind,
    follow_up.label,
    follow_up.owner,
    follow_up.severity,
    follow_up.is_protocol,
    follow_up.state,
    follow_up.due_on,
    follow_up.opens_on,
    follow_up.closes_on,
    follow_up.grace_until,
    follow_up.done_on,
    follow_up.days_outside,
    follow_up.days_late,
    follow_up.reason,
    follow_up.reason_on,
    follow_up.missing_date,
    follow_up.last_done_on,
    follow_up.days_without,
    follow_up.progressed_on,
    follow_up.observed_until,
    follow_up.rule,
    follow_up.source_table,
    follow_up.source_key,
    imaging.modality,
    summary.died_on,
    -- What the days of an item count from, and when that was; nothing is expected before enrolment.
    visit_plan.anchor,
    coalesce(visit_plan.is_at_progression, false) as is_at_progression,
    planned.anchor_on,
    planned.enrolled_on
from follow_up
left join usable_imaging as imaging
    on follow_up.item = 'response' and follow_up.source_key = imaging.row_key
left join patient_summary as summary on follow_up.patient_id = summary.patient_id
left join planned_window as planned
    on follow_up.patient_id = planned.patient_id and follow_up.window_key = planned.window_key
left join visit_plan on follow_up.item = visit_plan.item
where
    follow_up.is_owed
    or follow_up.state in ('DONE_OUTSIDE_WINDOW', 'CANNOT_BE_OBTAINED')
    -- Of a repeated item with something owed, what opens after it is not asked for as well; a day of enrolment is asked
    -- for once, however many scans wait on it.
    or (
        follow_up.state in ('NOT_YET_DUE', 'CANNOT_TELL')
        and (
            follow_up.is_current
            or not (follow_up.is_repeated or coalesce(follow_up.missing_date = 'enrolment', false))
        )
    )
order by
    case follow_up.state
        when 'OVERDUE' then 0 when 'CLOSES_SOON' then 1 when 'DUE_NOW' then 2 when 'NOT_YET_DUE' then 3
        when 'CANNOT_TELL' then 4 when 'DONE_OUTSIDE_WINDOW' then 5 else 6
    end,
    case when follow_up.state in ('DONE_OUTSIDE_WINDOW', 'CANNOT_BE_OBTAINED') then follow_up.closes_on end desc,
    coalesce(follow_up.days_late, 0) * follow_up.severity desc,
    case when follow_up.state = 'NOT_YET_DUE' then follow_up.opens_on else follow_up.closes_on end,
    follow_up.patient_id,
    follow_up.item,
    follow_up.of_line,
    follow_up.occurrence
