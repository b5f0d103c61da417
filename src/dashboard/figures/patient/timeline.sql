-- One row per event of one patient's timeline, oldest first.
select * from timeline_event where patient_id = $patient_id order by occurred_on, kind, event_key
