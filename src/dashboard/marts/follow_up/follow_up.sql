-- One row per patient, planned item and occurrence with its state as of the last day observed (A23).
with enrolled as (
    select patient.patient_id, patient.site_id, patient.enrolled_on, patient.observed_until, patient.row_key
    from usable_patient as patient
    left join patient_departure as failed
        on patient.patient_id = failed.patient_id and failed.reason = 'FAILED_SCREENING'
    where failed.patient_id is null
),

-- Items counted from a date every patient of the study should have, where that date is missing.
without_anchor as (
    select
        enrolled.patient_id, plan.item, plan.kind, plan.label, coalesce(plan.is_protocol, true) as is_protocol,
        plan.repeat_days is not null as is_repeated, plan.anchor, off.reason, off.happened_on, enrolled.observed_until
    from enrolled
    cross join visit_plan as plan
    left join milestone on enrolled.patient_id = milestone.patient_id and plan.anchor = milestone.kind
    left join follow_up_off as off on enrolled.patient_id = off.patient_id and plan.kind = off.kind
    where
        milestone.patient_id is null and plan.kind in ('ctdna', 'imaging')
        and plan.anchor in (
            'enrolment', 'consent', 'randomisation', 'metastatic_diagnosis', 'oligometastatic_diagnosis', 'line_start',
            'class_start', 'index_treatment_start', 'local_course_start', 'local_course_end'
        )
),

-- Weight of an item in the order of the chase list: 3 safety and what the protocol asks for, 1 what explains.
record_weight as (
    select 'sae_outcome' as item, 3 as severity, 'site' as owner
    union all select 'response', 2, 'site'
    union all select 'vital_status', 2, 'site'
    union all select 'ctdna_result', 2, 'laboratory'
    union all select 'laboratory_result', 2, 'laboratory'
    union all select 'stop_reason', 1, 'site'
    union all select 'start_reason', 1, 'site'
    union all select 'draw_reason', 1, 'site'
),

planned_item as (
    select
        patient_id, item, occurrence, window_key, kind, label, line, is_protocol, is_repeated,
        case when is_protocol then 3 else 1 end as severity, 'site' as owner, state, due_on, opens_on, closes_on,
        grace_until, done_on, days_outside, days_late, reason, reason_on, cast(null as varchar) as missing_date,
        last_done_on, days_without, progressed_on, observed_until, rule, done_table as source_table,
        done_key as source_key
    from follow_up_planned
    union all
    select
        patient_id, item, 0, null, kind, label, null, is_protocol, is_repeated,
        case when is_protocol then 3 else 1 end, 'site',
        case when reason is null then 'CANNOT_TELL' else 'NOT_EXPECTED' end, null, null, null, null, null, null, null,
        reason, happened_on, case when reason is null then anchor end, null, null, null, observed_until,
        case when reason is null then 'FOLLOW_UP_CANNOT_TELL' else 'FOLLOW_UP_' || reason end, null, null
    from without_anchor
    union all
    select
        record.patient_id, record.item, record.occurrence, null, 'record', record.label, record.line, true, false,
        weight.severity, weight.owner, record.state, record.due_on, record.opens_on, record.closes_on, record.closes_on,
        record.done_on, record.days_outside, record.days_late, record.reason, record.reason_on, record.missing_date,
        record.last_done_on, null, null, record.observed_until, record.rule, record.source_table, record.source_key
    from follow_up_record as record
    inner join record_weight as weight on record.item = weight.item
),

-- Where the patient stands with an item: the first thing owed, else the next to come, else the last.
ranked as (
    select
        planned_item.*, enrolled.site_id, enrolled.row_key as patient_key,
        case
            when state in ('OVERDUE', 'CLOSES_SOON', 'DUE_NOW', 'CANNOT_TELL') then 1
            when state = 'NOT_YET_DUE' then 2 else 3
        end as standing
    from planned_item
    inner join enrolled on planned_item.patient_id = enrolled.patient_id
),

placed as (
    select
        ranked.*,
        row_number() over (
            partition by patient_id, item
            order by
                standing nulls last, case when standing < 3 then opens_on end nulls last,
                case when standing = 3 then opens_on end desc nulls last, line nulls last, occurrence nulls last
        ) as place
    from ranked
),

-- One scan makes up for one window: of several that closed without, the first is chased and the others are lost.
stated as (
    select
        placed.*,
        case when is_repeated and state = 'OVERDUE' and place > 1 then 'CANNOT_BE_OBTAINED' else state end as stated_state
    from placed
),

-- Draws recorded as not done: the reason they carry explains the planned draw of that time.
not_done as (
    select
        stated.patient_id, stated.item, stated.line, stated.occurrence,
        min(coalesce(draw.failure_reason, draw.reason)) as reason
    from stated
    inner join usable_ctdna_sample as draw
        on
            stated.patient_id = draw.patient_id and draw.status = 'not_done'
            and draw.collected_on between stated.opens_on and coalesce(stated.grace_until, stated.closes_on)
    where
        stated.kind = 'ctdna' and stated.stated_state in ('OVERDUE', 'CANNOT_BE_OBTAINED', 'CANNOT_TELL')
        and coalesce(draw.failure_reason, draw.reason) is not null
    group by stated.patient_id, stated.item, stated.line, stated.occurrence
),

unknown_record as (
    select 'start_reason' as item, 'treatment' as source_table, row_key as source_key
    from usable_treatment where start_reason = 'unknown'
    union all
    select 'stop_reason', 'treatment', row_key from usable_treatment where stop_reason = 'unknown'
    union all
    select 'draw_reason', 'ctdna_sample', row_key from usable_ctdna_sample where reason = 'unknown'
),

explained as (
    select stated.*, not_done.reason as not_done_reason, unknown_record.source_key is not null as is_recorded_unknown
    from stated
    left join not_done
        on
            stated.patient_id = not_done.patient_id and stated.item = not_done.item
            and coalesce(stated.line, 0) = coalesce(not_done.line, 0) and stated.occurrence = not_done.occurrence
    left join unknown_record
        on
            stated.item = unknown_record.item and stated.source_table = unknown_record.source_table
            and stated.source_key = unknown_record.source_key
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(site_id as varchar) as site_id,
        cast(item as varchar) as item,
        cast(coalesce(line, 0) as integer) as of_line,
        cast(occurrence as integer) as occurrence,
        cast(window_key as varchar) as window_key,
        cast(kind as varchar) as kind,
        cast(label as varchar) as label,
        cast(line as integer) as line,
        cast(owner as varchar) as owner,
        cast(severity as integer) as severity,
        cast(is_protocol as boolean) as is_protocol,
        cast(is_repeated as boolean) as is_repeated,
        cast(stated_state as varchar) as state,
        cast(place = 1 as boolean) as is_current,
        -- Of a repeated item only the first occurrence owed is chased: one scan answers all.
        cast(
            stated_state in ('OVERDUE', 'CLOSES_SOON', 'DUE_NOW') and (place = 1 or not is_repeated) as boolean
        ) as is_owed,
        -- A survival status is due at all times.
        cast(
            case
                when item = 'vital_status' then stated_state <> 'NOT_EXPECTED'
                else stated_state in (
                    'DONE_IN_WINDOW', 'DONE_OUTSIDE_WINDOW', 'CANNOT_BE_OBTAINED', 'OVERDUE', 'CANNOT_TELL'
                )
            end as boolean
        ) as is_due,
        cast(
            coalesce(
                stated_state in ('OVERDUE', 'CANNOT_BE_OBTAINED')
                or stated_state in ('DONE_IN_WINDOW', 'DONE_OUTSIDE_WINDOW') and observed_until > grace_until, false
            ) as boolean
        ) as is_time_over,
        cast(
            place = 1 or not is_repeated
            or stated_state in ('DONE_IN_WINDOW', 'DONE_OUTSIDE_WINDOW', 'CANNOT_BE_OBTAINED') as boolean
        ) as is_counted,
        cast(due_on as date) as due_on,
        cast(opens_on as date) as opens_on,
        cast(closes_on as date) as closes_on,
        cast(grace_until as date) as grace_until,
        cast(done_on as date) as done_on,
        cast(days_outside as integer) as days_outside,
        cast(case when stated_state = 'OVERDUE' then days_late end as integer) as days_late,
        cast(reason as varchar) as reason,
        -- Asked for once only: lost on the day its window closed, as the earlier one is chased.
        cast(case when stated_state = state then reason_on else closes_on end as date) as reason_on,
        cast(not_done_reason as varchar) as not_done_reason,
        cast(is_recorded_unknown as boolean) as is_recorded_unknown,
        cast(missing_date as varchar) as missing_date,
        cast(last_done_on as date) as last_done_on,
        cast(days_without as integer) as days_without,
        cast(progressed_on as date) as progressed_on,
        cast(observed_until as date) as observed_until,
        cast(case when stated_state = state then rule else 'FOLLOW_UP_ASKED_ONCE' end as varchar) as rule,
        cast(coalesce(source_table, 'patient') as varchar) as source_table,
        cast(coalesce(source_key, patient_key) as varchar) as source_key
    from explained
)

select * from final
