-- One row per ECOG performance status 5 (dead) of a patient without a recorded death.
select
    'measurement' as table_name,
    measurement.row_key,
    'value' as column_name,
    measurement.patient_id,
    'ECOG 5 on ' || cast(measurement.measured_on as varchar) as value_text
from measurement
left join contact on measurement.patient_id = contact.patient_id and contact.vital_status = 'dead'
where measurement.name = 'ecog' and measurement.value = 5 and contact.patient_id is null
