-- One row per enrolled patient, item and thing recorded or owed, with its state and why.
-- Where a list of values has "unknown", a recorded unknown is a reason; an empty cell is missing.
with enrolled as (
    select patient_id, site_id, consented_on, observed_until
    from usable_patient
    where enrolled_on is not null /* and cohort */
),

planned as (
    select
        follow_up.patient_id,
        follow_up.item,
        follow_up.kind,
        case
            when follow_up.is_recorded_unknown then 'REASON'
            when follow_up.state = 'NOT_EXPECTED' then 'NOT_EXPECTED'
            when not follow_up.is_due then 'NOT_DUE'
            when follow_up.state not in ('OVERDUE', 'CANNOT_BE_OBTAINED', 'CANNOT_TELL') then 'DONE'
            when follow_up.not_done_reason is not null then 'REASON'
            else 'MISSING'
        end as state,
        case
            when follow_up.is_recorded_unknown then 'recorded as unknown' else follow_up.not_done_reason
        end as reason,
        follow_up.label, follow_up.line, follow_up.occurrence, follow_up.due_on, follow_up.opens_on,
        follow_up.closes_on, follow_up.grace_until, follow_up.done_on, follow_up.days_outside, follow_up.days_late,
        follow_up.reason_on, follow_up.missing_date, follow_up.last_done_on, follow_up.days_without,
        follow_up.progressed_on, follow_up.rule, follow_up.source_table, follow_up.source_key
    from follow_up
),

death as (
    select patient_id, death_cause as cause, death_key as row_key
    from patient_summary
    where died_on is not null
),

fact as (
    select
        patient_id, 'consent' as item, case when consented_on is null then 'MISSING' else 'DONE' end as state,
        cast(null as varchar) as reason, 'Date of consent' as label, 'patient' as source_table, patient_id as source_key
    from enrolled
    union all
    select
        patient_id, 'death_cause',
        case when cause is null then 'MISSING' when cause = 'unknown' then 'REASON' else 'DONE' end,
        case when cause = 'unknown' then 'recorded as unknown' end, 'Cause of death', 'contact', row_key
    from death
    union all
    select
        patient_id, 'event_grade', case when grade is null then 'MISSING' else 'DONE' end, null, term, 'adverse_event',
        row_key
    from usable_adverse_event
    union all
    select
        patient_id, 'event_relation', case when relatedness is null then 'MISSING' else 'DONE' end, null, term,
        'adverse_event', row_key
    from usable_adverse_event
    union all
    -- With one reading judged a criterion is answered: a ruling is not something the site can record.
    select
        patient_id, 'eligibility', case when min(result_in_force) = 'UNKNOWN' then 'MISSING' else 'DONE' end, null,
        criterion || ' ' || min(label), 'eligibility_criterion', criterion
    from eligibility_criterion
    where is_in_force
    group by patient_id, criterion
),

together as (
    select
        patient_id, item, kind, state, reason, label, line, occurrence, due_on, opens_on, closes_on, grace_until,
        done_on, days_outside, days_late, reason_on, missing_date, last_done_on, days_without, progressed_on, rule,
        source_table, source_key
    from planned
    union all
    select
        patient_id, item, 'fact', state, reason, label, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, source_table, source_key
    from fact
)

select together.*, enrolled.site_id, enrolled.observed_until
from together
inner join enrolled on together.patient_id = enrolled.patient_id
order by together.patient_id, together.item, together.line, together.occurrence, together.source_key, together.label
