-- One row per patient known to the study: how far from screening to an evaluable pair, and why no further.
-- `left_at` is the first step the patient does not reach, `reason` why; both empty for who reaches the last one.
with baseline as (
    select patient_id, sample_id, draw_no, collected_on, status, baseline_timing, series_no
    from ctdna_level
    where is_baseline
),

sampled as (
    select
        patient_id,
        count(*) filter (draw_no is not null) as n_drawn,
        count(*) filter (status = 'not_done') as n_not_done,
        count(*) filter (status = 'pending') as n_pending
    from ctdna_level
    group by patient_id
),

later as (
    select
        ctdna_level.patient_id,
        count(*) as n_later,
        count(*) filter (far.is_far) as n_far,
        count(*) filter (far.is_far and ctdna_level.status = 'pending') as n_far_pending,
        arg_min(ctdna_level.sample_id, ctdna_level.draw_no) filter (far.is_far and ctdna_level.is_valid) as sample_id,
        arg_min(ctdna_level.series_no, ctdna_level.draw_no) filter (far.is_far and ctdna_level.is_valid) as series_no
    from ctdna_level
    inner join baseline on ctdna_level.patient_id = baseline.patient_id
    cross join study
    cross join lateral (
        select
            date_diff('day', baseline.collected_on, ctdna_level.collected_on) >= study.second_draw_from_day as is_far
    ) as far
    where ctdna_level.draw_no > baseline.draw_no
    group by ctdna_level.patient_id
),

pair as (
    select sample_id, rule, response from imaging_answer where kind = 'DRAW'
),

told as (
    select
        patient_id,
        min(reason) filter (kind = 'screen_failure') as screen_failure_reason,
        count(*) filter (kind = 'screen_failure') as n_screen_failures,
        count(*) filter (kind = 'ctdna_declined') as n_declined
    from usable_disposition
    group by patient_id
),

gathered as (
    select
        patient_summary.patient_id,
        patient_summary.site_id,
        patient_summary.enrolled_on,
        patient_summary.observed_until,
        patient_summary.tumour_type,
        patient_summary.vital_status,
        coalesce(patient_summary.is_line_ongoing, false) as is_line_ongoing,
        patient_summary.current_line is not null as has_line,
        told.screen_failure_reason,
        coalesce(told.n_screen_failures, 0) as n_screen_failures,
        coalesce(told.n_declined, 0) as n_declined,
        coalesce(sampled.n_drawn, 0) as n_drawn,
        coalesce(sampled.n_not_done, 0) as n_not_done,
        coalesce(sampled.n_pending, 0) as n_pending,
        baseline.sample_id as baseline_sample_id,
        baseline.status as baseline_status,
        baseline.baseline_timing,
        baseline.series_no as baseline_series_no,
        coalesce(later.n_later, 0) as n_later,
        coalesce(later.n_far, 0) as n_far,
        coalesce(later.n_far_pending, 0) as n_far_pending,
        later.sample_id as second_sample_id,
        later.series_no as second_series_no,
        pair.rule as imaging_rule,
        pair.response,
        eligibility.verdict,
        len($followed_types::varchar[]) > 0
        and not list_contains($followed_types::varchar[], coalesce(patient_summary.tumour_type, 'unknown'))
            as is_type_not_followed,
        coalesce(second_draw_due.is_open, false) as is_second_window_open
    from patient_summary
    left join told on patient_summary.patient_id = told.patient_id
    left join sampled on patient_summary.patient_id = sampled.patient_id
    left join baseline on patient_summary.patient_id = baseline.patient_id
    left join later on patient_summary.patient_id = later.patient_id
    left join pair on later.sample_id = pair.sample_id
    left join second_draw_due on patient_summary.patient_id = second_draw_due.patient_id
    left join eligibility on patient_summary.patient_id = eligibility.patient_id and eligibility.question = ''
),

final as (
    select
        *,
        case
            when enrolled_on is null then 'ENROLLED'
            when n_drawn = 0 then 'SAMPLE'
            when baseline_sample_id is null then 'BASELINE'
            when n_far = 0 then 'SECOND'
            when second_sample_id is null or baseline_series_no <> second_series_no then 'VALID_PAIR'
            when baseline_timing <> 'PRE_TREATMENT' or baseline_status = 'not_detected' then 'PAIR'
            when coalesce(response, 'NE') = 'NE' then 'EVALUABLE'
        end as left_at,
        case
            when enrolled_on is null and screen_failure_reason is not null then 'SCREEN_FAILURE_REASON'
            when enrolled_on is null and n_screen_failures > 0 then 'SCREEN_FAILURE'
            when enrolled_on is null then 'NO_ENROLMENT_DATE'
            when n_drawn = 0 and n_declined > 0 then 'DECLINED'
            when n_drawn = 0 and is_type_not_followed then 'TYPE_NOT_FOLLOWED'
            when n_drawn = 0 and vital_status = 'dead' then 'DIED'
            when n_drawn = 0 and vital_status = 'withdrawn' then 'WITHDREW'
            when n_drawn = 0 and n_not_done > 0 then 'DRAW_NOT_DONE'
            when n_drawn = 0 then 'NO_DRAW'
            when baseline_sample_id is null and n_pending > 0 then 'PENDING'
            when baseline_sample_id is null then 'FAILED'
            when n_far = 0 and vital_status = 'dead' then 'DIED'
            when n_far = 0 and vital_status = 'withdrawn' then 'WITHDREW'
            when n_far = 0 and vital_status = 'lost' then 'LOST'
            when n_far = 0 and is_type_not_followed then 'TYPE_NOT_FOLLOWED'
            when n_far = 0 and is_second_window_open then 'WINDOW_OPEN'
            when n_far = 0 and n_later > 0 then 'ONLY_EARLY'
            when n_far = 0 then 'NO_DRAW'
            when second_sample_id is null and n_far_pending > 0 then 'PENDING'
            when second_sample_id is null then 'FAILED'
            when baseline_series_no <> second_series_no then 'ASSAY_CHANGED'
            when baseline_timing <> 'PRE_TREATMENT' then 'NO_PRE_TREATMENT'
            when baseline_status = 'not_detected' then 'NOT_DETECTED_AT_BASELINE'
            when imaging_rule = 'CHANGE_BETWEEN' then 'CHANGE_BETWEEN'
            when response is null then 'NO_SCAN'
            when coalesce(response, 'NE') = 'NE' then 'NOT_EVALUABLE'
        end as reason
    from gathered
)

select * from final order by patient_id
