-- One row per enrolled patient of the cohort: baseline, second draw, its change by one scheme, the imaging paired with it.
-- `place` says where the patient stands in the comparison, first match wins (clinical-decisions A2, A27). `second_status`
-- and the pair are given for every baseline, the category only where a change from baseline is defined. A draw before
-- another line than the index line is no baseline of clearance: OTHER_LINE.
with cohort as (
    select * from usable_patient where enrolled_on is not null /* and cohort */
),

drawn as (
    select patient_id, count(*) as n_samples, count(case when is_valid then 1 end) as n_valid
    from ctdna_level
    group by patient_id
),

baseline as (
    select * from ctdna_level where is_baseline
),

late as (
    select later.patient_id, count(*) as n_late
    from ctdna_level as later
    inner join baseline on later.patient_id = baseline.patient_id
    cross join study
    where date_diff('day', baseline.collected_on, later.collected_on) >= study.second_draw_from_day
    group by later.patient_id
),

change as (
    select * from molecular_response where is_second_draw and scheme = $scheme
),

joined as (
    select
        cohort.patient_id, cohort.tumour_type, summary.vital_status,
        coalesce(drawn.n_samples, 0) as n_samples, coalesce(drawn.n_valid, 0) as n_valid,
        coalesce(late.n_late, 0) as n_late,
        baseline.collected_on as baseline_on, baseline.status as baseline_status,
        baseline.baseline_timing,
        baseline.day_of_line as baseline_day_of_line,
        change.sample_id as second_sample_id, change.collected_on as second_on, change.status as second_status,
        change.category, pair.response, pair.gap_days, pair.is_within_sensitivity
    from cohort
    left join patient_summary as summary on cohort.patient_id = summary.patient_id
    left join drawn on cohort.patient_id = drawn.patient_id
    left join late on cohort.patient_id = late.patient_id
    left join baseline on cohort.patient_id = baseline.patient_id
    left join change on cohort.patient_id = change.patient_id
    left join ctdna_imaging_pair as pair on change.sample_id = pair.sample_id
),

final as (
    select
        joined.*,
        case
            when n_samples = 0 then 'NO_SAMPLE'
            when n_valid = 0 then 'NO_RESULT'
            when baseline_timing <> 'PRE_TREATMENT' then 'NO_PRE_TREATMENT'
            when baseline_status = 'not_detected' then 'NOT_DETECTED_AT_BASELINE'
            when second_sample_id is not null and category = 'NOT_EVALUABLE' then 'NOT_COMPARABLE'
            when second_sample_id is not null and response is null then 'NO_IMAGING'
            when second_sample_id is not null then 'PAIRED'
            when n_late > 0 then 'SECOND_NO_RESULT'
            when vital_status = 'dead' then 'DIED_BEFORE'
            else 'NO_SECOND_DRAW'
        end as place
    from joined
)

select * from final order by patient_id
