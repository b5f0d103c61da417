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
    patient_summary.last_response_by,
    patient_summary.last_scan_on,
    patient_summary.line_started_on,
    patient_summary.last_seen_on,
    silence.is_silent
from reason_to_look_patient
inner join patient_summary on reason_to_look_patient.patient_id = patient_summary.patient_id
left join partial_day as last_imaging
    on
        last_imaging.subject = 'response' and reason_to_look_patient.patient_id = last_imaging.patient_id
        and reason_to_look_patient.last_imaging_on = last_imaging.day_on
left join patient_silence as silence on reason_to_look_patient.patient_id = silence.patient_id
order by reason_to_look_patient.patient_id
