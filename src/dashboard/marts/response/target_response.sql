-- One row per patient and assessment of target lesions.
-- Line in force: the greatest line that started before the assessment, strictly.
with in_line as (
    select
        v.patient_id, v.assessed_on, v.first_measured_on, v.visit, v.sum_tenth_mm as seen_tenth_mm,
        v.n_measured as n_seen, v.source_table, v.source_key, b.line, b.started_on, b.baseline_on,
        b.measured_on as baseline_measured_on,
        b.sum_tenth_mm as baseline_tenth_mm, b.n_targets, b.has_target,
        row_number() over (
            partition by v.patient_id, v.assessed_on
            order by b.started_on desc nulls last, b.line desc nulls last
        ) as place
    from target_sum as v
    left join line_baseline as b on v.patient_id = b.patient_id and b.started_on < v.assessed_on
),
sums as (
    select
        v.patient_id, v.assessed_on,
        cast(sum(m.diameter_tenth_mm) as bigint) as sum_tenth_mm,
        cast(count(m.diameter_tenth_mm) as integer) as n_measured,
        cast(count(case when m.is_left then 1 end) as integer) as n_left
    from in_line as v
    inner join target_measurement as e on v.patient_id = e.patient_id
        and v.baseline_measured_on = e.assessed_on and e.is_counted and e.diameter_tenth_mm is not null
    left join target_measurement as m on v.patient_id = m.patient_id and v.assessed_on = m.assessed_on
        and e.lesion_id = m.lesion_id and m.is_counted
    where v.place = 1
    group by v.patient_id, v.assessed_on
),
baseline_visits as (
    select distinct patient_id, measured_on from line_baseline where measured_on is not null
),
compared as (
    select
        v.*,
        coalesce(s.sum_tenth_mm, v.seen_tenth_mm) as sum_tenth_mm,
        coalesce(s.n_measured, v.n_seen) as n_measured,
        case when v.source_table = 'response' then v.seen_tenth_mm = 0 else coalesce(s.n_left, 1) = 0 end
            as is_gone,
        v.source_table = 'response' or coalesce(s.n_measured = v.n_targets, false) as is_complete,
        coalesce(v.assessed_on > v.baseline_on and v.baseline_tenth_mm is not null, false) as is_compared,
        b.patient_id is not null and v.line is null as is_baseline_to_come
    from in_line as v
    left join sums as s on v.patient_id = s.patient_id and v.assessed_on = s.assessed_on
    left join baseline_visits as b on v.patient_id = b.patient_id and v.assessed_on = b.measured_on
    where v.place = 1
),
-- Nadir: smallest complete sum strictly before this assessment, baseline included, anew in each line (A1).
preceded as (
    select
        *,
        min(case when is_complete and is_compared then sum_tenth_mm end) over (
            partition by patient_id, line order by assessed_on nulls last
            rows between unbounded preceding and 1 preceding
        ) as smallest_before
    from compared
),
nadirs as (
    select
        *, case when smallest_before < baseline_tenth_mm then smallest_before else baseline_tenth_mm end
            as nadir_tenth_mm
    from preceded
),
-- RECIST 1.1 section 4.3.1: at least 20 % and at least 5 mm over the nadir; over a nadir of 0 any diameter.
growths as (
    select
        *,
        coalesce(
            (10 * sum_tenth_mm >= 12 * nadir_tenth_mm and sum_tenth_mm - nadir_tenth_mm >= 50)
            or (nadir_tenth_mm = 0 and sum_tenth_mm > 0), false
        ) as has_grown
    from nadirs
),
judged as (
    select
        *,
        case
            when is_baseline_to_come or assessed_on <= baseline_on then 'TARGET_BASELINE'
            when line is null then 'TARGET_BEFORE_LINE'
            when not is_compared then 'TARGET_NO_BASELINE'
            when not has_target and (is_gone or not has_grown) then 'TARGET_NONE'
            when not is_complete and has_grown then 'TARGET_PD_INCOMPLETE'
            when not is_complete then 'TARGET_INCOMPLETE'
            when is_gone then 'TARGET_CR'
            when has_grown and nadir_tenth_mm = 0 then 'TARGET_PD_REAPPEARED'
            when has_grown and not has_target then 'TARGET_PD_FROM_NONE'
            when has_grown then 'TARGET_PD'
            when 10 * sum_tenth_mm <= 7 * baseline_tenth_mm then 'TARGET_PR'
            else 'TARGET_SD'
        end as rule
    from growths
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(assessed_on as date) as assessed_on,
        cast(first_measured_on as date) as first_measured_on,
        cast(case when line > 0 then line end as integer) as line,
        cast(visit as varchar) as visit,
        cast(sum_tenth_mm as bigint) as sum_tenth_mm,
        cast(case when rule = 'TARGET_BASELINE' then sum_tenth_mm else baseline_tenth_mm end as bigint)
            as baseline_tenth_mm,
        cast(case when is_compared then nadir_tenth_mm end as bigint) as nadir_tenth_mm,
        cast(case when rule = 'TARGET_BASELINE' then n_measured else n_targets end as integer) as n_targets,
        cast(n_measured as integer) as n_measured,
        cast(is_complete or rule = 'TARGET_BASELINE' as boolean) as is_complete,
        cast(case
            when rule in ('TARGET_BASELINE', 'TARGET_BEFORE_LINE', 'TARGET_NONE') then null
            when rule in ('TARGET_NO_BASELINE', 'TARGET_INCOMPLETE') then 'NE'
            when rule like 'TARGET_PD%' then 'PD'
            when rule = 'TARGET_CR' then 'CR'
            when rule = 'TARGET_PR' then 'PR'
            else 'SD'
        end as varchar) as response,
        cast(rule as varchar) as rule,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from judged
)
select * from final
