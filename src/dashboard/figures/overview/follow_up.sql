-- One row per patient of one endpoint: how long followed, and how.
select
    time_to_event.patient_id,
    patient_summary.site_id,
    time_to_event.status,
    time_to_event.duration_days,
    time_to_event.entry_days,
    time_to_event.ended_on,
    time_to_event.cause,
    coalesce(patient_summary.departure, patient_summary.vital_status) as standing
from time_to_event
inner join patient_summary on time_to_event.patient_id = patient_summary.patient_id
where time_to_event.endpoint_id = $endpoint_id and patient_summary.enrolled_on is not null
order by time_to_event.patient_id, time_to_event.origin_no
