-- One row per endpoint, patient and origin: where the follow-up stops, and the event that ends it.
-- Occurrences that bear on a unit: same lesion where both name one, line as the rule says, inside the rule's days.
with relevant as (
    select
        unit.endpoint_id,
        unit.patient_id,
        unit.origin_no,
        endpoint_rule.rule_no,
        endpoint_rule.role,
        endpoint_rule.grace_days,
        milestone.kind,
        milestone.occurred_on,
        milestone.free_until,
        milestone.source_table,
        milestone.source_key
    from endpoint_unit as unit
    inner join endpoint_rule on unit.endpoint_id = endpoint_rule.endpoint_id
    inner join milestone
        on
            unit.patient_id = milestone.patient_id
            and endpoint_rule.milestone = milestone.kind
            and (endpoint_rule.detail is null or endpoint_rule.detail = milestone.detail)
            and (endpoint_rule.line is null or endpoint_rule.line = milestone.line)
    where
        endpoint_rule.role in ('event', 'competing', 'stop', 'require')
        and (unit.per <> 'lesion' or milestone.lesion_id is null or milestone.lesion_id = unit.lesion_id)
        and (
            unit.line is null
            or coalesce(endpoint_rule.line_match, 'any') = 'any'
            or (endpoint_rule.line_match = 'same' and milestone.line = unit.line)
            or (endpoint_rule.line_match = 'next' and milestone.line = unit.next_line)
            or (endpoint_rule.line_match = 'later' and milestone.line > unit.line)
        )
        -- What belongs to an earlier line is no event of this one, whatever its date.
        and (
            endpoint_rule.role not in ('event', 'competing')
            or unit.therapy_line is null
            or milestone.line is null
            or milestone.line >= unit.therapy_line
        )
        and (
            endpoint_rule.from_day is null
            or date_diff(
                'day',
                case when endpoint_rule.role = 'require' then unit.origin_on else unit.counted_from_on end,
                milestone.occurred_on
            ) >= endpoint_rule.from_day
        )
        and (
            endpoint_rule.to_day is null
            or date_diff(
                'day',
                case when endpoint_rule.role = 'require' then unit.origin_on else unit.counted_from_on end,
                milestone.occurred_on
            ) <= endpoint_rule.to_day
        )
),

requirement as (
    select endpoint_id, patient_id, origin_no, count(distinct rule_no) as n_met
    from relevant
    where role = 'require'
    group by endpoint_id, patient_id, origin_no
),

stop as (
    select endpoint_id, patient_id, origin_no, min(occurred_on) as stopped_on
    from relevant
    where role = 'stop'
    group by endpoint_id, patient_id, origin_no
),

-- The earliest event or competing event; on one day the order of the TOML decides, events before competing.
ending_in_order as (
    select
        relevant.*,
        row_number() over (
            partition by relevant.endpoint_id, relevant.patient_id, relevant.origin_no
            order by
                relevant.occurred_on nulls last,
                case when relevant.role = 'event' then 0 else 1 end nulls last,
                relevant.rule_no nulls last,
                relevant.source_table nulls last,
                relevant.source_key nulls last
        ) as place
    from relevant
    left join stop
        on
            relevant.endpoint_id = stop.endpoint_id
            and relevant.patient_id = stop.patient_id
            and relevant.origin_no = stop.origin_no
    where
        relevant.role in ('event', 'competing')
        and (
            stop.stopped_on is null
            or date_diff('day', stop.stopped_on, relevant.occurred_on) <= coalesce(relevant.grace_days, 0)
        )
),

final as (
    select
        cast(unit.endpoint_id as varchar) as endpoint_id,
        cast(unit.patient_id as varchar) as patient_id,
        cast(unit.origin_no as integer) as origin_no,
        cast(unit.per as varchar) as per,
        cast(unit.line as integer) as line,
        cast(unit.lesion_id as varchar) as lesion_id,
        cast(unit.origin_on as date) as origin_on,
        cast(unit.is_shifted as boolean) as is_shifted,
        cast(unit.counted_from_on as date) as counted_from_on,
        cast(unit.entry_on as date) as entry_on,
        cast(stop.stopped_on as date) as stopped_on,
        cast(coalesce(requirement.n_met, 0) as integer) as n_met,
        cast(ending.role as varchar) as ending_role,
        cast(ending.kind as varchar) as ending_kind,
        cast(ending.occurred_on as date) as ending_on,
        cast(ending.free_until as date) as free_until,
        cast(unit.source_table as varchar) as source_table,
        cast(unit.source_key as varchar) as source_key,
        cast(ending.source_table as varchar) as ending_source_table,
        cast(ending.source_key as varchar) as ending_source_key
    from endpoint_unit as unit
    left join stop
        on
            unit.endpoint_id = stop.endpoint_id
            and unit.patient_id = stop.patient_id
            and unit.origin_no = stop.origin_no
    left join requirement
        on
            unit.endpoint_id = requirement.endpoint_id
            and unit.patient_id = requirement.patient_id
            and unit.origin_no = requirement.origin_no
    left join ending_in_order as ending
        on
            unit.endpoint_id = ending.endpoint_id
            and unit.patient_id = ending.patient_id
            and unit.origin_no = ending.origin_no
            and ending.place = 1
)

select * from final
