-- One row per patient who may stand on the worklist.
select
    reason_to_look_patient.patient_id,
    reason_to_look_patient.site_id,
    reason_to_look_patient.observed_until,
    reason_to_look_patient.last_imaging_on,
    last_imaging.precise_to as last_imaging_precision,
    patient_summary.tumour_type,
    patient_summary.current_line,
    patient_summary.day_of_line,
    patient_summary.is_line_ongoing,
    patient_summary.last_response,
    patient_summary.last_response_source,
    patient_summary.last_scan_on,
    patient_summary.line_started_on,
    patient_summary.last_seen_on,
    study.contact_stale_on_treatment_days
from reason_to_look_patient
inner join patient_summary on reason_to_look_patient.patient_id = patient_summary.patient_id
left join partial_day as last_imaging
    on
        last_imaging.subject = 'response' and reason_to_look_patient.patient_id = last_imaging.patient_id
        and reason_to_look_patient.last_imaging_on = last_imaging.day_on
cross join study
order by reason_to_look_patient.patient_id
