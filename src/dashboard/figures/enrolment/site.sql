-- One row per site: what the indicators of conduct count, and of how many patients or days.
with left_early as (
    select distinct patient_id
    from patient_departure
    where reason in ('WITHDREW', 'LOST', 'TRANSFERRED', 'LEFT_STUDY', 'FAILED_SCREENING')
),

overdue as (
    select distinct patient_id from follow_up where is_owed and state = 'OVERDUE'
),

-- Draws the protocol asks for whose time is over: whoever has one that was not done. A draw done while its window and
-- grace still run has no place beside those that may yet be done: where patients joined late it would hide who is missing.
drawn as (
    select patient_id, max(case when state in ('OVERDUE', 'CANNOT_BE_OBTAINED') then 1 else 0 end) as is_without
    from follow_up
    where kind = 'ctdna' and is_protocol and is_time_over
    group by patient_id
),

judged as (
    select patient_id, verdict from eligibility where question = ''
),

failed as (
    select distinct patient_id from usable_disposition where kind = 'screen_failure'
),

event as (
    select
        usable_adverse_event.patient_id, count(*) as n_events,
        count(*) filter (usable_adverse_event.is_serious) as n_serious
    from usable_adverse_event
    inner join patient_summary on usable_adverse_event.patient_id = patient_summary.patient_id
    where usable_adverse_event.started_on between patient_summary.enrolled_on and patient_summary.last_seen_on
    group by usable_adverse_event.patient_id
)

select
    patient_summary.site_id,
    count(*) as n_screened,
    count(*) filter (patient_summary.enrolled_on is null and failed.patient_id is not null) as n_failed,
    count(patient_summary.enrolled_on) as n_enrolled,
    count(*) filter (patient_summary.enrolled_on is not null and left_early.patient_id is not null) as n_left,
    count(*) filter (patient_summary.enrolled_on is not null and overdue.patient_id is not null) as n_overdue,
    count(drawn.patient_id) as n_draw_due,
    count(*) filter (drawn.is_without = 1) as n_draw_missing,
    count(*) filter (patient_summary.enrolled_on is not null and judged.patient_id is not null) as n_judged,
    count(*) filter (patient_summary.enrolled_on is not null and judged.verdict = 'NOT_ELIGIBLE') as n_ineligible,
    count(patient_summary.is_early_death) as n_followed,
    count(*) filter (patient_summary.is_early_death) as n_early_deaths,
    cast(coalesce(sum(event.n_events), 0) as bigint) as n_events,
    cast(coalesce(sum(event.n_serious), 0) as bigint) as n_serious,
    cast(
        coalesce(
            sum(
                case
                    when patient_summary.last_seen_on >= patient_summary.enrolled_on
                        then date_diff('day', patient_summary.enrolled_on, patient_summary.last_seen_on) + 1
                end
            ), 0
        ) as bigint
    ) as n_days
from patient_summary
left join left_early on patient_summary.patient_id = left_early.patient_id
left join overdue on patient_summary.patient_id = overdue.patient_id
left join failed on patient_summary.patient_id = failed.patient_id
left join drawn on patient_summary.patient_id = drawn.patient_id
left join judged on patient_summary.patient_id = judged.patient_id
left join event on patient_summary.patient_id = event.patient_id
where patient_summary.site_id is not null
group by patient_summary.site_id
order by patient_summary.site_id
