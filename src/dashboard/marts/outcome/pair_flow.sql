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
        count(draw_no) as n_drawn,
        count(case when status = 'not_done' then 1 end) as n_not_done,
        count(case when status = 'pending' then 1 end) as n_pending
    from ctdna_level
    group by patient_id
),

far as (
    select
        ctdna_level.*,
        date_diff('day', baseline.collected_on, ctdna_level.collected_on) >= study.second_draw_from_day as is_far
    from ctdna_level
    inner join baseline on ctdna_level.patient_id = baseline.patient_id
    cross join study
    where ctdna_level.draw_no > baseline.draw_no
),

later as (
    select
        patient_id,
        count(*) as n_later,
        count(case when is_far then 1 end) as n_far,
        count(case when is_far and status = 'pending' then 1 end) as n_far_pending,
        min(case when is_far and is_valid then draw_no end) as draw_no
    from far
    group by patient_id
),

pair as (
    select sample_id, rule, response from imaging_answer where kind = 'DRAW'
),

told as (
    select
        patient_id,
        min(case when kind = 'screen_failure' then reason end) as screen_failure_reason,
        count(case when kind = 'screen_failure' then 1 end) as n_screen_failures,
        count(case when kind = 'ctdna_declined' then 1 end) as n_declined
    from usable_disposition
    group by patient_id
),

gathered as (
    select
        summary.patient_id,
        summary.enrolled_on,
        summary.departure,
        summary.is_type_followed,
        told.screen_failure_reason,
        coalesce(told.n_screen_failures, 0) as n_screen_failures,
        coalesce(told.n_declined, 0) as n_declined,
        coalesce(sampled.n_drawn, 0) as n_drawn,
        coalesce(sampled.n_not_done, 0) as n_not_done,
        coalesce(sampled.n_pending, 0) as n_pending,
        baseline.status as baseline_status,
        baseline.baseline_timing,
        baseline.series_no as baseline_series_no,
        case
            when coalesce(sampled.n_drawn, 0) = 0 then 'NO_SAMPLE'
            when baseline.sample_id is null then 'NO_BASELINE'
            when baseline.baseline_timing <> 'PRE_TREATMENT' then 'NO_PRE_TREATMENT'
            when baseline.status = 'not_detected' then 'NOT_DETECTED_AT_BASELINE'
        end as without_baseline,
        coalesce(later.n_later, 0) as n_later,
        coalesce(later.n_far, 0) as n_far,
        coalesce(later.n_far_pending, 0) as n_far_pending,
        second.sample_id as second_sample_id,
        second.series_no as second_series_no,
        pair.rule as imaging_rule,
        pair.response,
        coalesce(second_draw_due.is_open, false) as is_second_window_open
    from patient_summary as summary
    left join told on summary.patient_id = told.patient_id
    left join sampled on summary.patient_id = sampled.patient_id
    left join baseline on summary.patient_id = baseline.patient_id
    left join later on summary.patient_id = later.patient_id
    left join far as second on later.patient_id = second.patient_id and later.draw_no = second.draw_no
    left join pair on second.sample_id = pair.sample_id
    left join second_draw_due on summary.patient_id = second_draw_due.patient_id
),

placed as (
    select
        *,
        case
            when enrolled_on is null then 'ENROLLED'
            when without_baseline = 'NO_SAMPLE' then 'SAMPLE'
            when without_baseline = 'NO_BASELINE' then 'BASELINE'
            when n_far = 0 then 'SECOND'
            when second_sample_id is null or baseline_series_no <> second_series_no then 'VALID_PAIR'
            when without_baseline is not null then 'PAIR'
            when coalesce(response, 'NE') = 'NE' then 'EVALUABLE'
        end as left_at,
        case
            when enrolled_on is null and screen_failure_reason is not null then 'SCREEN_FAILURE_REASON'
            when enrolled_on is null and n_screen_failures > 0 then 'SCREEN_FAILURE'
            when enrolled_on is null then 'NO_ENROLMENT_DATE'
            when n_drawn = 0 and n_declined > 0 then 'DECLINED'
            when n_drawn = 0 and not is_type_followed then 'TYPE_NOT_FOLLOWED'
            when n_drawn = 0 and departure is not null then departure
            when n_drawn = 0 and n_not_done > 0 then 'DRAW_NOT_DONE'
            when n_drawn = 0 then 'NO_DRAW'
            when without_baseline = 'NO_BASELINE' and n_pending > 0 then 'PENDING'
            when without_baseline = 'NO_BASELINE' then 'FAILED'
            when n_far = 0 and departure is not null then departure
            when n_far = 0 and not is_type_followed then 'TYPE_NOT_FOLLOWED'
            when n_far = 0 and is_second_window_open then 'WINDOW_OPEN'
            when n_far = 0 and n_later > 0 then 'ONLY_EARLY'
            when n_far = 0 then 'NO_DRAW'
            when second_sample_id is null and n_far_pending > 0 then 'PENDING'
            when second_sample_id is null then 'FAILED'
            when baseline_series_no <> second_series_no then 'ASSAY_CHANGED'
            when without_baseline is not null then without_baseline
            when imaging_rule = 'CHANGE_BETWEEN' then 'CHANGE_BETWEEN'
            when response is null then 'NO_SCAN'
            when coalesce(response, 'NE') = 'NE' then 'NOT_EVALUABLE'
        end as reason
    from gathered
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(left_at as varchar) as left_at,
        cast(reason as varchar) as reason,
        cast(screen_failure_reason as varchar) as screen_failure_reason,
        cast(without_baseline as varchar) as without_baseline,
        cast(baseline_status as varchar) as baseline_status,
        cast(baseline_timing as varchar) as baseline_timing,
        cast(response as varchar) as response
    from placed
)

select * from final
