-- One row per patient known to the study: how far from screening to an evaluable pair, and why no further.
select
    summary.patient_id, summary.site_id, summary.enrolled_on, summary.observed_until, summary.tumour_type,
    summary.vital_status, coalesce(summary.is_line_ongoing and summary.is_followed, false) as is_on_treatment,
    flow.left_at, flow.reason, flow.screen_failure_reason, flow.response,
    flow.baseline_status, flow.baseline_timing, eligibility.verdict
from patient_summary as summary
inner join pair_flow as flow on summary.patient_id = flow.patient_id
left join eligibility on summary.patient_id = eligibility.patient_id and eligibility.question = ''
order by summary.patient_id
