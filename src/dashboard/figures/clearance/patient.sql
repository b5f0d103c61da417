-- One row per enrolled patient of the cohort: baseline, second draw, its change by one scheme, the imaging paired with it.
-- `second_status` and the pair are given for every baseline, the category only where a change from baseline is defined
-- (clinical-decisions A2). A draw before another line than the index line is no baseline of clearance: OTHER_LINE.
-- `near_response` and `imaging_rule` are those of the second draw, of a patient without a valid one of the draw without a
-- result or, where it was missed, of the last day of its window; NO_DATE where there is no such day.
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

change as (
    select * from molecular_response where is_second_draw and scheme = $scheme
),

without_draw as (
    select * from imaging_answer where kind <> 'DRAW'
),

final as (
    select
        cohort.patient_id, cohort.tumour_type,
        coalesce(drawn.n_samples, 0) as n_samples, coalesce(drawn.n_valid, 0) as n_valid,
        baseline.collected_on as baseline_on, baseline.status as baseline_status,
        baseline.baseline_timing,
        baseline.day_of_line as baseline_day_of_line,
        coalesce(basis.is_of_other_origin_alone, false) as is_baseline_of_other_origin,
        change.sample_id as second_sample_id, change.collected_on as second_on, change.status as second_status,
        change.category, pair.response, pair.gap_days, pair.is_within_sensitivity,
        coalesce(pair.response, without_draw.response) as near_response,
        coalesce(pair.rule, without_draw.rule, 'NO_DATE') as imaging_rule
    from cohort
    left join drawn on cohort.patient_id = drawn.patient_id
    left join baseline on cohort.patient_id = baseline.patient_id
    left join ctdna_basis as basis on baseline.sample_id = basis.sample_id
    left join change on cohort.patient_id = change.patient_id
    left join imaging_answer as pair on change.sample_id = pair.sample_id and pair.kind = 'DRAW'
    left join without_draw on cohort.patient_id = without_draw.patient_id and change.sample_id is null
)

select * from final order by patient_id
