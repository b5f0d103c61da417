-- One row per endpoint, patient and origin (a line, a lesion, or the patient): who is followed, and from when.
with candidate as (
    select
        endpoint_rule.endpoint_id,
        endpoint_rule.rule_no,
        endpoint_rule.role,
        endpoint_rule.pick,
        endpoint_rule.plus_days,
        endpoint_rule.plus_months,
        endpoint.per,
        milestone.patient_id,
        milestone.kind,
        milestone.occurred_on,
        milestone.line,
        milestone.lesion_id,
        milestone.source_table,
        milestone.source_key
    from endpoint_rule
    inner join endpoint on endpoint_rule.endpoint_id = endpoint.endpoint_id
    inner join milestone
        on
            endpoint_rule.milestone = milestone.kind
            and (endpoint_rule.detail is null or endpoint_rule.detail = milestone.detail)
            and (endpoint_rule.line is null or endpoint_rule.line = milestone.line)
    where endpoint_rule.role in ('origin', 'anchor', 'entry')
),

origin_in_order as (
    select
        candidate.*,
        row_number() over (
            partition by
                endpoint_id,
                patient_id,
                case when per = 'line' then line end,
                case when per = 'lesion' then lesion_id end
            order by
                case when pick = 'last' then date_diff('day', occurred_on, date '1900-01-01') end nulls last,
                occurred_on nulls last,
                rule_no nulls last,
                source_table nulls last,
                source_key nulls last
        ) as place
    from candidate
    where
        role = 'origin'
        and (per <> 'line' or line is not null)
        and (per <> 'lesion' or lesion_id is not null)
),

origin as (
    select
        origin_in_order.*,
        case when plus_months is not null or plus_days is not null then 1 else 0 end as is_shifted,
        case
            when plus_months is not null and plus_days is not null then add_months(occurred_on, plus_months) + plus_days
            when plus_months is not null then add_months(occurred_on, plus_months)
            when plus_days is not null then occurred_on + plus_days
            else occurred_on
        end as origin_on,
        row_number() over (
            partition by endpoint_id, patient_id
            order by
                line nulls last, occurred_on nulls last, lesion_id nulls last, source_table nulls last,
                source_key nulls last
        ) as origin_no
    from origin_in_order
    where place = 1
),

anchor as (
    select endpoint_id, patient_id, min(occurred_on) as anchor_on
    from candidate
    where role = 'anchor'
    group by endpoint_id, patient_id
),

entry as (
    select endpoint_id, patient_id, min(occurred_on) as entry_on
    from candidate
    where role = 'entry'
    group by endpoint_id, patient_id
),

-- The line whose progression counts where the origin itself has none (a draw, an enrolment): the index line.
index_line as (
    select milestone.patient_id, min(milestone.line) as line
    from milestone
    cross join study
    where milestone.kind = 'index_treatment_start' and study.index_origin = 'line'
    group by milestone.patient_id
),

-- The next line on record; numbers may have gaps.
next_line as (
    select origin.endpoint_id, origin.patient_id, origin.origin_no, min(milestone.line) as line
    from origin
    inner join milestone
        on origin.patient_id = milestone.patient_id and milestone.kind = 'line_start' and milestone.line > origin.line
    group by origin.endpoint_id, origin.patient_id, origin.origin_no
),

-- The unit that is followed, with the day its counting begins (the origin, or an anchor before it, or the
-- unshifted date of a landmark).
unit as (
    select
        origin.endpoint_id,
        origin.patient_id,
        origin.origin_no,
        origin.per,
        origin.line,
        -- A local course has a number of its own, which is no line of therapy.
        case
            when origin.kind in ('local_course_start', 'local_course_end') then null
            else coalesce(origin.line, index_line.line)
        end as therapy_line,
        next_line.line as next_line,
        origin.lesion_id,
        origin.origin_on,
        origin.is_shifted,
        origin.source_table as origin_source_table,
        origin.source_key as origin_source_key,
        case
            when anchor.anchor_on is not null and anchor.anchor_on < origin.occurred_on then anchor.anchor_on
            else origin.occurred_on
        end as counted_from,
        entry.entry_on
    from origin
    left join anchor on origin.endpoint_id = anchor.endpoint_id and origin.patient_id = anchor.patient_id
    left join entry on origin.endpoint_id = entry.endpoint_id and origin.patient_id = entry.patient_id
    left join index_line on origin.patient_id = index_line.patient_id
    left join next_line
        on
            origin.endpoint_id = next_line.endpoint_id
            and origin.patient_id = next_line.patient_id
            and origin.origin_no = next_line.origin_no
),

final as (
    select
        cast(endpoint_id as varchar) as endpoint_id,
        cast(patient_id as varchar) as patient_id,
        cast(origin_no as integer) as origin_no,
        cast(per as varchar) as per,
        cast(line as integer) as line,
        cast(therapy_line as integer) as therapy_line,
        cast(next_line as integer) as next_line,
        cast(lesion_id as varchar) as lesion_id,
        cast(origin_on as date) as origin_on,
        cast(is_shifted = 1 as boolean) as is_shifted,
        cast(counted_from as date) as counted_from_on,
        cast(entry_on as date) as entry_on,
        cast(origin_source_table as varchar) as source_table,
        cast(origin_source_key as varchar) as source_key
    from unit
)

select * from final
