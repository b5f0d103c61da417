-- One row per patient treated with a drug before the first diagnosis; partial dates count in the patient's favour.
with first_drug as (
    select patient_id, min(started_on) as started_on
    from treatment
    where kind = 'systemic' and coalesce(intent, 'unknown') <> 'supportive'
    group by patient_id
)

select
    'patient' as table_name,
    patient.row_key,
    'primary_diagnosed_on' as column_name,
    patient.patient_id,
    cast(patient.primary_diagnosed_on as varchar) || ', first drug ' || cast(first_drug.started_on as varchar)
        as value_text
from patient
inner join first_drug on patient.patient_id = first_drug.patient_id
where earliest_day(patient.primary_diagnosed_on, patient.primary_diagnosed_on_precision) > first_drug.started_on
