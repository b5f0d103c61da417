-- One row per enrolled patient of the cohort and line of therapy: how long it ran, why it stopped, what came after.
with cohort as (
    select patient_id, enrolled_on from usable_patient where enrolled_on is not null /* and cohort */
),

death as (
    select patient_id, min(occurred_on) as died_on from milestone where kind = 'death' group by patient_id
),

-- The clock of time to discontinuation, of every line: it ends where treatment counts as stopped.
clock as (
    select
        patient_id, line,
        min(case when kind = 'line_discontinued' then occurred_on end) as stopped_on,
        max(case when kind = 'on_treatment' then occurred_on end) as treated_until
    from milestone
    where kind in ('line_discontinued', 'on_treatment')
    group by patient_id, line
),

continued as (
    select
        continuation.patient_id, own.line,
        bool_or(continuation.rule in ('CONTINUES_CLASS_ADDED', 'CONTINUES_CLASS_ADDED_LATE')) as is_class_added,
        bool_or(continuation.rule = 'CONTINUES_SWITCH_IN_CLASS') as is_switched_in_class
    from course_continuation as continuation
    inner join course_line as own
        on continuation.patient_id = own.patient_id and continuation.source_key = own.source_key
    inner join course_line as earlier
        on continuation.patient_id = earlier.patient_id and continuation.earlier_key = earlier.source_key
        and own.line = earlier.line
    group by continuation.patient_id, own.line
),

final as (
    select
        cohort.patient_id, line.line, line.started_on, line.stop_reason, line.agents,
        coalesce(line.is_ongoing and summary.is_followed, false) as is_ongoing,
        coalesce(line.is_ongoing and not summary.is_followed, false) as is_not_followed,
        coalesce(line.is_ongoing and summary.departure = 'TRANSFERRED', false) as is_transferred,
        death.died_on is not null as is_dead, progressed.patient_id is not null as has_progressed,
        coalesce(continued.is_class_added, false) as is_class_added,
        coalesce(continued.is_switched_in_class, false) as is_switched_in_class,
        line.is_induction_maintenance, line.is_esr1_guided_switch, line.treated_beyond_progression, line.needs_ruling,
        line.recorded_disagrees, line.ended_on is not null as has_recorded_stop,
        clock.stopped_on is not null as is_discontinued,
        date_diff('day', line.started_on, coalesce(clock.stopped_on, clock.treated_until)) as duration_days,
        greatest(date_diff('day', line.started_on, cohort.enrolled_on), 0) as entry_days
    from cohort
    inner join line_of_therapy as line on cohort.patient_id = line.patient_id
    left join death on cohort.patient_id = death.patient_id
    inner join patient_summary as summary on cohort.patient_id = summary.patient_id
    left join line_progression as progressed
        on line.patient_id = progressed.patient_id and line.line = progressed.line
    left join clock on line.patient_id = clock.patient_id and line.line = clock.line
    left join continued on line.patient_id = continued.patient_id and line.line = continued.line
)

select * from final order by patient_id, line
