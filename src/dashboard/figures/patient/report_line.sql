-- One row per line of therapy of the patient: what was given, its best response, what was called at the scans after its
-- baseline, and how it ended; the first line first.
select
    line.line, own.given_in_order as regimen, own.accompanied_by, line.started_on,
    coalesce(line.class_started_on, line.started_on) as origin_on, line.ended_on, line.is_ongoing, line.stop_reason,
    line.next_started_on, best.response as best_response, own.progressed_on, own.assessed_on, summary.died_on,
    own.n_pd, own.responses_called, own.n_called, own.pd_called_on, own.only_baseline_on, own.unassessed_on,
    own.may_follow,
    own.last_record_on
from line_of_therapy as line
inner join line_summary as own on line.patient_id = own.patient_id and line.line = own.line
inner join patient_summary as summary on line.patient_id = summary.patient_id
left join best_response as best
    on line.patient_id = best.patient_id and line.line = best.line and best.setting_id = $setting
where line.patient_id = $patient_id
order by line.line
