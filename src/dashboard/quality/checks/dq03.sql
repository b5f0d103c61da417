-- One row per enrolled patient without a date of consent, in a study that asks for consent or records it.
with asked as (
    select 1 as is_asked from criterion where fact = 'is_consented'
    union
    select 1 from patient where consented_on is not null
)

select
    'patient' as table_name,
    patient.row_key,
    'consented_on' as column_name,
    patient.patient_id,
    cast(patient.enrolled_on as varchar) as value_text
from patient
cross join asked
where patient.enrolled_on is not null and patient.consented_on is null
