-- One row per draw after the patient's ctDNA baseline and molecular-response scheme of the study.
with baseline as (
    select
        patient_id, sample_id, draw_no, collected_on, status, baseline_timing, series_no, level_metric, level_sum,
        level_n
    from ctdna_level
    where is_baseline
),
followed as (
    select
        level.sample_id, level.patient_id, level.draw_no, level.collected_on, level.status, level.is_valid,
        level.level_sum, level.level_n, baseline.sample_id as baseline_sample_id, baseline.status as baseline_status,
        baseline.baseline_timing, baseline.level_sum as baseline_sum, baseline.level_n as baseline_n,
        date_diff('day', baseline.collected_on, level.collected_on) as days_from_baseline,
        level.series_no = baseline.series_no as is_same_series,
        level.level_metric = baseline.level_metric as is_same_metric,
        ctdna_state.state
    from ctdna_level as level
    inner join baseline on level.patient_id = baseline.patient_id and level.draw_no > baseline.draw_no
    inner join ctdna_state on level.patient_id = ctdna_state.patient_id and level.draw_no = ctdna_state.draw_no
),
second_draw as (
    select followed.patient_id, min(followed.draw_no) as draw_no
    from followed
    cross join study
    where followed.is_valid and followed.days_from_baseline >= study.second_draw_from_day
    group by followed.patient_id
),
-- r = level / baseline, cross-multiplied. A fall to n / d of the baseline is mirrored by a rise to (2 d - n) / d:
-- a fall of 50 % and a rise of 50 % (clinical-decisions A26).
scaled as (
    select
        followed.*, rule.scheme, rule.kind, coalesce(rule.is_inclusive, true) as is_inclusive,
        rule.numerator, rule.denominator,
        case when is_same_metric then level_sum * cast(rule.denominator * baseline_n as decimal(9, 0)) end
            as scaled_level,
        baseline_sum * cast(rule.numerator * level_n as decimal(9, 0)) as fall_bound,
        baseline_sum * cast((2 * rule.denominator - rule.numerator) * level_n as decimal(9, 0)) as rise_bound
    from followed
    cross join molecular_rule as rule
),
-- Only a baseline before the index treatment can be judged (A2, docs/decisions 0018); below LoQ there is no ratio (A3); vectors of clinical-rules 9 H.
ruled as (
    select
        scaled.*,
        case
            when not is_valid then 'RESPONSE_NO_RESULT'
            when baseline_timing <> 'PRE_TREATMENT' then 'RESPONSE_BASELINE_ON_TX'
            when not is_same_series then 'RESPONSE_SERIES_CHANGED'
            when baseline_status = 'not_detected' and state = 'NEVER_DETECTED' then 'RESPONSE_NEVER_DETECTED'
            when baseline_status = 'not_detected' then 'RESPONSE_BASELINE_NOT_DETECTED'
            when kind = 'clearance' and status = 'not_detected' then 'CLEARANCE_MET'
            when kind = 'clearance' then 'CLEARANCE_NOT_MET'
            when status = 'not_detected' then 'RESPONSE_NOW_NOT_DETECTED'
            when scaled_level is null then 'RESPONSE_NO_RATIO'
            when scaled_level < fall_bound or (is_inclusive and scaled_level = fall_bound) then 'FALL_MET'
            when kind = 'fall' then 'FALL_NOT_MET'
            when scaled_level > rise_bound or (is_inclusive and scaled_level = rise_bound) then 'RISE_MET'
            else 'WITHIN_BOUNDS'
        end as rule
    from scaled
),
final as (
    select
        cast(ruled.sample_id as varchar) as sample_id,
        cast(ruled.scheme as varchar) as scheme,
        cast(ruled.patient_id as varchar) as patient_id,
        cast(ruled.draw_no as integer) as draw_no,
        cast(ruled.collected_on as date) as collected_on,
        cast(ruled.status as varchar) as status,
        cast(ruled.baseline_sample_id as varchar) as baseline_sample_id,
        cast(ruled.baseline_timing as varchar) as baseline_timing,
        cast(ruled.days_from_baseline as integer) as days_from_baseline,
        cast(
            case
                when rule = 'RESPONSE_NEVER_DETECTED' then 'NEVER_DETECTED'
                when rule = 'CLEARANCE_MET' then 'CLEARED'
                when rule = 'CLEARANCE_NOT_MET' then 'NOT_CLEARED'
                when rule = 'RESPONSE_NOW_NOT_DETECTED' and kind = 'categories' then 'NOT_DETECTED'
                when rule in ('RESPONSE_NOW_NOT_DETECTED', 'FALL_MET') then 'FALL'
                when rule = 'FALL_NOT_MET' then 'NO_FALL'
                when rule = 'RISE_MET' then 'RISE'
                when rule = 'WITHIN_BOUNDS' then 'WITHIN'
                else 'NOT_EVALUABLE'
            end as varchar
        ) as category,
        cast(ruled.draw_no = coalesce(second_draw.draw_no, -1) as boolean) as is_second_draw,
        cast(ruled.level_sum as decimal(28, 12)) as level_sum,
        cast(ruled.level_n as bigint) as level_n,
        cast(ruled.baseline_sum as decimal(28, 12)) as baseline_level_sum,
        cast(ruled.baseline_n as bigint) as baseline_level_n,
        cast(ruled.numerator as integer) as numerator,
        cast(ruled.denominator as integer) as denominator,
        cast(ruled.rule as varchar) as rule
    from ruled
    left join second_draw on ruled.patient_id = second_draw.patient_id
)
select * from final
