-- One row per endpoint, patient and origin (a line, a lesion, or the patient), patients without origin included.
-- The one engine of docs/endpoints.md: roles origin, anchor, entry, require, event, competing, stop, censor and gap.
with required as (
    select endpoint_id, count(*) as n_required
    from endpoint_rule
    where role = 'require'
    group by endpoint_id
),

censor_rule as (
    select * from endpoint_rule where role = 'censor'
),

-- The latest censoring date up to the stop, and the latest one before the ending. Sources are looked up afterwards,
-- because carrying every censoring row along takes many times the memory (docs/endpoints.md, run time).
censoring as (
    select
        unit.endpoint_id,
        unit.patient_id,
        unit.origin_no,
        max(milestone.occurred_on) as censored_on,
        max(case when milestone.occurred_on < unit.ending_on then milestone.occurred_on end) as last_before_ending_on
    from endpoint_ending as unit
    inner join censor_rule on unit.endpoint_id = censor_rule.endpoint_id
    inner join milestone
        on
            unit.patient_id = milestone.patient_id
            and censor_rule.milestone = milestone.kind
            and (censor_rule.detail is null or censor_rule.detail = milestone.detail)
            and (censor_rule.line is null or censor_rule.line = milestone.line)
    where
        (unit.per <> 'lesion' or milestone.lesion_id is null or milestone.lesion_id = unit.lesion_id)
        and (unit.line is null or coalesce(censor_rule.line_match, 'any') = 'any' or milestone.line = unit.line)
        and (
            censor_rule.from_day is null
            or date_diff('day', unit.counted_from_on, milestone.occurred_on) >= censor_rule.from_day
        )
        and (unit.stopped_on is null or milestone.occurred_on <= unit.stopped_on)
    group by unit.endpoint_id, unit.patient_id, unit.origin_no
),

combined as (
    select
        unit.*,
        endpoint.if_required_missing,
        endpoint.count_first_day,
        case when endpoint.censor_at_horizon then add_months(unit.origin_on, endpoint.horizon_months) end as horizon_on,
        case when required.n_required is not null and unit.n_met < required.n_required then 1 else 0 end
            as is_requirement_missing,
        censoring.censored_on,
        -- Without a censoring date, an endpoint with an anchor or a landmark is censored where counting began.
        coalesce(censoring.censored_on, unit.counted_from_on) as censored_or_start_on,
        coalesce(censoring.last_before_ending_on, unit.counted_from_on) as last_adequate_on
    from endpoint_ending as unit
    inner join endpoint on unit.endpoint_id = endpoint.endpoint_id
    left join required on unit.endpoint_id = required.endpoint_id
    left join censoring
        on
            unit.endpoint_id = censoring.endpoint_id
            and unit.patient_id = censoring.patient_id
            and unit.origin_no = censoring.origin_no
),

-- Too long without assessment before the ending: it is not counted, the patient is censored at the last one.
gap_judged as (
    select
        combined.*,
        case
            when
                combined.ending_on is not null
                and endpoint_gap.max_gap_days is not null
                and date_diff('day', combined.last_adequate_on, combined.ending_on) > endpoint_gap.max_gap_days
                then 1
            else 0
        end as is_gap_too_long
    from combined
    left join endpoint_gap
        on
            combined.endpoint_id = endpoint_gap.endpoint_id
            and date_diff('day', combined.origin_on, combined.last_adequate_on) >= endpoint_gap.from_day
            and (
                endpoint_gap.to_day is null
                or date_diff('day', combined.origin_on, combined.last_adequate_on) <= endpoint_gap.to_day
            )
),

ended as (
    select
        gap_judged.*,
        case
            when is_requirement_missing = 1 then origin_on
            when ending_on is not null and is_gap_too_long = 1 then last_adequate_on
            when ending_on is not null then ending_on
            else censored_or_start_on
        end as end_before_horizon_on
    from gap_judged
),

-- An ending before the origin excludes, whatever else is missing (a landmark excludes on its own day as well).
judged as (
    select
        ended.*,
        case when horizon_on is not null and end_before_horizon_on > horizon_on then 1 else 0 end as is_past_horizon,
        case
            when patient.enrolled_on is null then 'NOT_ENROLLED'
            when ending_on < origin_on or (is_shifted and ending_on = origin_on) then 'EVENT_BEFORE_ORIGIN'
            when is_requirement_missing = 1 and if_required_missing = 'exclude' then 'REQUIREMENT_MISSING'
            when end_before_horizon_on < origin_on then 'CENSORED_BEFORE_ORIGIN'
            when entry_on > origin_on and end_before_horizon_on <= entry_on then 'ENDED_BEFORE_ENTRY'
        end as exclusion
    from ended
    inner join usable_patient as patient on ended.patient_id = patient.patient_id
),

named as (
    select
        judged.*,
        case
            when exclusion is not null then exclusion
            when is_past_horizon = 1 then 'HORIZON'
            when is_requirement_missing = 1 then 'NO_BASELINE'
            when ending_on is not null and is_gap_too_long = 1 then 'MISSED_ASSESSMENTS'
            when ending_on is not null then 'ENDED'
            when censored_on is null then 'NO_FOLLOW_UP'
            when stopped_on is not null then 'STOPPED'
            else 'LAST_SEEN'
        end as rule,
        case
            when is_past_horizon = 1 and exclusion is null then horizon_on
            else end_before_horizon_on
        end as ended_on
    from judged
),

counted as (
    select
        named.*,
        case
            when exclusion is not null then 'NOT_AT_RISK'
            when rule = 'ENDED' and ending_role = 'event' then 'EVENT'
            when rule = 'ENDED' then 'COMPETING'
            else 'CENSORED'
        end as status
    from named
),

-- The source row of a censoring date; when several stand on one day, the first by rule, table and key.
censor_source as (
    select
        counted.endpoint_id,
        counted.patient_id,
        counted.origin_no,
        milestone.kind,
        milestone.source_table,
        milestone.source_key,
        row_number() over (
            partition by counted.endpoint_id, counted.patient_id, counted.origin_no
            order by
                censor_rule.rule_no nulls last, milestone.source_table nulls last, milestone.source_key nulls last
        ) as place
    from counted
    inner join censor_rule on counted.endpoint_id = censor_rule.endpoint_id
    inner join milestone
        on
            counted.patient_id = milestone.patient_id
            and counted.ended_on = milestone.occurred_on
            and censor_rule.milestone = milestone.kind
            and (censor_rule.detail is null or censor_rule.detail = milestone.detail)
            and (censor_rule.line is null or censor_rule.line = milestone.line)
    where
        counted.rule in ('LAST_SEEN', 'STOPPED', 'MISSED_ASSESSMENTS')
        and (counted.per <> 'lesion' or milestone.lesion_id is null or milestone.lesion_id = counted.lesion_id)
        and (counted.line is null or coalesce(censor_rule.line_match, 'any') = 'any' or milestone.line = counted.line)
        and (
            censor_rule.from_day is null
            or date_diff('day', counted.counted_from_on, milestone.occurred_on) >= censor_rule.from_day
        )
),

with_source as (
    select
        counted.*,
        case
            when counted.rule = 'ENDED' or counted.exclusion = 'EVENT_BEFORE_ORIGIN' then counted.ending_kind
            else censor_source.kind
        end as cause,
        case
            when counted.rule = 'ENDED' or counted.exclusion = 'EVENT_BEFORE_ORIGIN' then counted.ending_source_table
            else censor_source.source_table
        end as end_source_table,
        case
            when counted.rule = 'ENDED' or counted.exclusion = 'EVENT_BEFORE_ORIGIN' then counted.ending_source_key
            else censor_source.source_key
        end as end_source_key
    from counted
    left join censor_source
        on
            counted.endpoint_id = censor_source.endpoint_id
            and counted.patient_id = censor_source.patient_id
            and counted.origin_no = censor_source.origin_no
            and censor_source.place = 1
),

without_origin as (
    select endpoint.endpoint_id, patient.patient_id
    from endpoint
    cross join usable_patient as patient
    left join endpoint_unit as unit
        on endpoint.endpoint_id = unit.endpoint_id and patient.patient_id = unit.patient_id
    where unit.patient_id is null
),

final as (
    select
        cast(endpoint_id as varchar) as endpoint_id,
        cast(patient_id as varchar) as patient_id,
        cast(origin_no as integer) as origin_no,
        cast(line as integer) as line,
        cast(lesion_id as varchar) as lesion_id,
        cast(origin_on as date) as origin_on,
        cast(case when entry_on > origin_on then entry_on end as date) as entry_on,
        cast(ended_on as date) as ended_on,
        cast(status as varchar) as status,
        cast(rule as varchar) as rule,
        cast(cause as varchar) as cause,
        cast(
            case
                when status <> 'NOT_AT_RISK'
                    then
                        date_diff('day', origin_on, ended_on) + case when coalesce(count_first_day, false) then 1 else 0 end
            end as integer
        ) as duration_days,
        cast(
            case
                when status <> 'NOT_AT_RISK' and entry_on > origin_on then date_diff('day', origin_on, entry_on)
                when status <> 'NOT_AT_RISK' then 0
            end as integer
        ) as entry_days,
        cast(case when status = 'EVENT' then free_until end as date) as free_until,
        cast(source_table as varchar) as origin_source_table,
        cast(source_key as varchar) as origin_source_key,
        cast(end_source_table as varchar) as end_source_table,
        cast(end_source_key as varchar) as end_source_key
    from with_source
    union all
    select
        cast(endpoint_id as varchar),
        cast(patient_id as varchar),
        cast(0 as integer),
        cast(null as integer),
        cast(null as varchar),
        cast(null as date),
        cast(null as date),
        cast(null as date),
        cast('NOT_AT_RISK' as varchar),
        cast('NO_ORIGIN' as varchar),
        cast(null as varchar),
        cast(null as integer),
        cast(null as integer),
        cast(null as date),
        cast(null as varchar),
        cast(null as varchar),
        cast(null as varchar),
        cast(null as varchar)
    from without_origin
)

select * from final
