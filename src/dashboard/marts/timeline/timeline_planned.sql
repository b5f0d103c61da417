-- One row per mark of the plan: a window with what became of it, or a draw or scan that was done.
with stated_window as (
    select
        follow_up.*,
        -- An interval the protocol does not state is owed by nobody: the days without are said.
        case
            when state in ('OVERDUE', 'CANNOT_BE_OBTAINED') and not is_protocol then 'WITHOUT'
            else state
        end as code,
        row_number() over (
            partition by patient_id, kind, case when state in ('OVERDUE', 'CANNOT_BE_OBTAINED') then 1 else 0 end,
            last_done_on
            order by opens_on nulls last, window_key nulls last
        ) as place_in_gap
    from follow_up
    where window_key is not null
),

in_window as (
    select distinct done.patient_id, done.kind, done.done_no
    from follow_up_done as done
    inner join planned_window as planned on done.patient_id = planned.patient_id and done.kind = planned.kind
    where done.done_on between planned.opens_on and planned.closes_on
),

event as (
    select
        patient_id, 'PLANNED' as panel,
        case when kind = 'ctdna' then 'DRAW_WINDOW' else 'SCAN_WINDOW' end as kind, window_key as event_key,
        opens_on as occurred_on, closes_on as ended_on, cast(null as boolean) as is_ongoing,
        cast(null as integer) as line, label, code,
        case when done_on is not null then source_key end as detail, cast(null as decimal(28, 12)) as value_sum,
        case when code = 'WITHOUT' and place_in_gap = 1 then days_without end as value_n, 'patient' as source_table,
        cast(null as varchar) as source_key
    from stated_window
    union all
    select
        done.patient_id, 'PLANNED', case when done.kind = 'ctdna' then 'DRAW' else 'SCAN' end,
        'taken ' || done.kind || ' ' || done.source_key, done.done_on, null, null, null, null,
        case when in_window.done_no is null then 'OUTSIDE_WINDOW' else 'IN_WINDOW' end, null, null, null,
        done.source_table, done.source_key
    from follow_up_done as done
    left join in_window
        on done.patient_id = in_window.patient_id and done.kind = in_window.kind and done.done_no = in_window.done_no
),

final as (
    select
        cast(event.patient_id as varchar) as patient_id,
        cast(event.panel as varchar) as panel,
        cast(event.kind as varchar) as kind,
        cast(event.event_key as varchar) as event_key,
        cast(event.occurred_on as date) as occurred_on,
        cast(event.ended_on as date) as ended_on,
        cast(event.is_ongoing as boolean) as is_ongoing,
        cast(event.line as integer) as line,
        cast(event.label as varchar) as label,
        cast(event.code as varchar) as code,
        cast(event.detail as varchar) as detail,
        cast(event.value_sum as decimal(28, 12)) as value_sum,
        cast(event.value_n as bigint) as value_n,
        cast(event.source_table as varchar) as source_table,
        cast(event.source_key as varchar) as source_key
    from event
    inner join usable_patient as patient on event.patient_id = patient.patient_id
    where event.occurred_on <= patient.observed_until or event.kind in ('DRAW_WINDOW', 'SCAN_WINDOW')
)

select * from final
