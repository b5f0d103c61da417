-- One row per patient and statement that rests on imaging alone: target sum, response, treatment beyond progression.
with baseline_only as (
    select patient_id, assessed_on, max(baseline_of_line) as line
    from overall_response
    where is_baseline_only
    group by patient_id, assessed_on
),

-- A scan that is nothing but the baseline of a later line is judged as that: baseline and nadir begin anew
-- (clinical-decisions A1).
judged as (
    select
        target.patient_id, target.assessed_on, target.is_complete, target.source_table, target.source_key,
        coalesce(anew.line, target.line) as line, coalesce(anew.sum_tenth_mm, target.sum_tenth_mm) as sum_tenth_mm,
        coalesce(anew.sum_tenth_mm, target.baseline_tenth_mm) as baseline_tenth_mm,
        coalesce(anew.sum_tenth_mm, target.nadir_tenth_mm) as nadir_tenth_mm,
        case when anew.line is null then target.response end as response,
        case when anew.line is null then target.rule else 'TARGET_BASELINE' end as target_rule,
        coalesce(anew.has_target, started.has_target) as has_target
    from target_response as target
    left join baseline_only
        on target.patient_id = baseline_only.patient_id and target.assessed_on = baseline_only.assessed_on
    left join line_baseline as anew
        on
            baseline_only.patient_id = anew.patient_id and baseline_only.line = anew.line
            and anew.sum_tenth_mm is not null
    left join line_baseline as started
        on target.patient_id = started.patient_id and target.line = started.line
),

last_limit as (
    select
        target_limit.*,
        row_number() over (partition by patient_id, line order by from_on desc nulls last) as place
    from target_limit
),

-- The last complete sum with what it is compared with, and the sum from which the next one would be PD.
sum_event as (
    select
        judged.*,
        case when judged.nadir_tenth_mm is not null then ahead.pd_from_tenth_mm end as pd_from_tenth_mm,
        row_number() over (
            partition by judged.patient_id order by judged.assessed_on desc nulls last
        ) as place
    from judged
    left join last_limit as ahead
        on judged.patient_id = ahead.patient_id and coalesce(judged.line, 0) = ahead.line and ahead.place = 1
    where judged.is_complete and judged.sum_tenth_mm is not null
),

-- What the whole assessment says of that day: a new lesion is PD whatever the sum (RECIST 1.1 section 4.3.3).
whole_assessment as (
    select
        patient_id, assessed_on, max(case when response = 'PD' then 1 else 0 end) as is_pd,
        max(case when response = 'PD' then response_by end) as response_by,
        max(case when response = 'PD' then progression_pattern end) as progression_pattern,
        max(case when response = 'PD' then progression_site end) as progression_site,
        max(case when response = 'PD' then new_sites end) as new_sites,
        max(case when response = 'PD' and new_lesion = 'yes' then 1 else 0 end) = 1 as is_new,
        max(case when is_after_progression then 1 else 0 end) as is_after_pd
    from overall_response
    where not is_baseline
    group by patient_id, assessed_on
),

trace as (
    select
        sum_event.*, whole.response_by, whole.progression_pattern, whole.progression_site, whole.new_sites, whole.is_new,
        case
            when not has_target and response = 'PD' then 'TRACE_PD_FROM_NONE'
            when not has_target then 'TRACE_NONE'
            when target_rule = 'TARGET_BASELINE' then 'TRACE_BASELINE'
            when response = 'PD' then 'TRACE_PD'
            when whole.is_pd = 1 then 'TRACE_PD_ELSEWHERE'
            when whole.is_after_pd = 1 then 'TRACE_AFTER_PD'
            when sum_tenth_mm <= nadir_tenth_mm then 'TRACE_LOWEST'
            else 'TRACE_OVER_NADIR'
        end as rule
    from sum_event
    left join whole_assessment as whole
        on sum_event.patient_id = whole.patient_id and sum_event.assessed_on = whole.assessed_on
    where place = 1 and (target_rule = 'TARGET_BASELINE' or nadir_tenth_mm is not null)
),

-- A difference in PD stands wherever it was, the first one before the course goes on after a progression; else the
-- last assessment. After local therapy, where little is calculated (A5), only a difference is worth saying; of the
-- reported parts joined, which check nothing, the same.
both_responses as (
    select
        overall.*, study.response_mode,
        row_number() over (
            partition by overall.patient_id
            order by
                case when overall.differs_in_pd and not coalesce(overall.is_after_progression, false) then 0 else 1 end nulls last,
                case when overall.differs_in_pd and not coalesce(overall.is_after_progression, false) then overall.assessed_on end
                nulls last,
                overall.assessed_on desc nulls last, overall.assessor nulls last
        ) as place
    from overall_response as overall
    cross join study
    where
        overall.reported is not null and overall.calculated is not null and overall.response is not null
        and not overall.is_baseline and overall.first_called_on is null
),

-- Where one of the two calls PD first, the day in the same line on which the other calls it.
other_progression as (
    select own.patient_id, min(later.assessed_on) as assessed_on
    from both_responses as own
    inner join overall_response as later
        on
            own.patient_id = later.patient_id and coalesce(own.line, 0) = coalesce(later.line, 0)
            and own.assessed_on < later.assessed_on and not later.is_baseline
            and 'PD' = case when own.reported = 'PD' then later.calculated else later.reported end
    where own.place = 1 and own.differs_in_pd
    group by own.patient_id
),

-- The last assessment that the tables were applied to: from lesions, or from what the assessor reported part by part.
from_parts as (
    select
        overall.patient_id, overall.assessed_on, overall.line, overall.assessor, overall.calculated, overall.is_from_parts,
        baseline.sum_tenth_mm as baseline_tenth_mm, overall.source_table, overall.source_key,
        row_number() over (
            partition by overall.patient_id
            order by overall.assessed_on desc nulls last, overall.assessor nulls last
        ) as place
    from overall_response as overall
    left join line_baseline as baseline on overall.patient_id = baseline.patient_id and overall.line = baseline.line
    where
        overall.calculated is not null and not overall.is_baseline and not overall.is_baseline_only
        and overall.first_called_on is null
),

last_line as (
    select
        line_of_therapy.*,
        row_number() over (partition by patient_id order by line desc nulls last) as place
    from line_of_therapy
),

statement as (
    select
        patient_id, 'SAY' as kind, 50 as place,
        case when has_target is false then 'TRACE_WITHOUT_TARGET' else 'TRACE' end as statement, rule, assessed_on as day_on,
        cast(null as date) as other_on, cast(null as integer) as days, line,
        case when rule = 'TRACE_PD_ELSEWHERE' then progression_pattern end as code,
        case when rule = 'TRACE_PD_ELSEWHERE' then progression_site end as label,
        case when rule = 'TRACE_PD_ELSEWHERE' then new_sites end as new_sites, response,
        case when rule = 'TRACE_PD_ELSEWHERE' then response_by end as response_by,
        cast(null as varchar) as other_response, case when rule = 'TRACE_PD_ELSEWHERE' then is_new end as is_recorded,
        sum_tenth_mm, baseline_tenth_mm, nadir_tenth_mm,
        pd_from_tenth_mm, source_table, source_key
    from trace
    union all
    select
        both_responses.patient_id, 'SAY',
        -- A difference in PD on the latest line comes first: the date of progression hangs on it.
        case
            when not both_responses.differs_in_pd then 65
            when coalesce(both_responses.line, 0) = coalesce(last_line.line, 0) then 8
            else 37
        end,
        case when response_mode = 'post_local_therapy' then 'RESPONSE_AFTER_LOCAL' else 'RESPONSE' end,
        case
            when differs_in_pd and other_progression.patient_id is null then 'RESPONSE_DIFFERS_IN_PD'
            when differs_in_pd and reported = 'PD' then 'RESPONSE_PD_REPORTED_FIRST'
            when differs_in_pd then 'RESPONSE_PD_CALCULATED_FIRST'
            when reported <> calculated then 'RESPONSE_DIFFERS'
            else 'RESPONSE_SAME'
        end,
        both_responses.assessed_on, other_progression.assessed_on, null, both_responses.line,
        case when both_responses.is_from_parts then 'FROM_PARTS' else 'CALCULATED' end, null, null, reported,
        both_responses.assessor, calculated, null, null, null, null, null, both_responses.source_table, both_responses.source_key
    from both_responses
    left join other_progression on both_responses.patient_id = other_progression.patient_id
    left join last_line on both_responses.patient_id = last_line.patient_id and last_line.place = 1
    where
        both_responses.place = 1
        and ((response_mode <> 'post_local_therapy' and not both_responses.is_from_parts) or reported <> calculated)
    union all
    select
        patient_id, 'UNKNOWN', 33, 'RESPONSE_PARTS',
        case when baseline_tenth_mm is null then 'RESPONSE_PARTS_NO_SUM' else 'RESPONSE_PARTS' end, assessed_on, null,
        null, line, 'FROM_PARTS', null, null, null, assessor, calculated, null, null, null, null, null, source_table,
        source_key
    from from_parts
    where place = 1 and is_from_parts
    union all
    select
        patient_id, 'SAY', 45, 'BEYOND_PROGRESSION',
        case when is_ongoing then 'BEYOND_PROGRESSION' else 'BEYOND_PROGRESSION_ENDED' end,
        progressed_on, last_dose_on, date_diff('day', progressed_on, last_dose_on), line, null, regimen, null, null, null, null,
        null, null, null, null, null, source_table, source_key
    from last_line where place = 1 and treated_beyond_progression
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(kind as varchar) as kind,
        cast(statement as varchar) as statement,
        cast(place as integer) as place,
        cast(rule as varchar) as rule,
        cast(day_on as date) as day_on,
        cast(other_on as date) as other_on,
        cast(days as integer) as days,
        cast(line as integer) as line,
        cast(code as varchar) as code,
        cast(label as varchar) as label,
        cast(new_sites as varchar) as new_sites,
        cast(response as varchar) as response,
        cast(response_by as varchar) as response_by,
        cast(other_response as varchar) as other_response,
        cast(is_recorded as boolean) as is_recorded,
        cast(sum_tenth_mm as bigint) as sum_tenth_mm,
        cast(baseline_tenth_mm as bigint) as baseline_tenth_mm,
        cast(nadir_tenth_mm as bigint) as nadir_tenth_mm,
        cast(pd_from_tenth_mm as bigint) as pd_from_tenth_mm,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from statement
)

select * from final
