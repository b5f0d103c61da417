-- One row per patient enrolled outside the recruitment period of the study (calendar studies).
select
    'patient' as table_name,
    patient.row_key,
    'enrolled_on' as column_name,
    patient.patient_id,
    cast(patient.enrolled_on as varchar) as value_text
from patient
cross join extract
where
    extract.calendar = 'calendar'
    and (
        patient.enrolled_on < extract.recruitment_opens
        or earliest_day(patient.enrolled_on, patient.enrolled_on_precision) > extract.recruitment_closes
    )
