-- One row per patient with metastases dated before the first diagnosis; partial dates count in the patient's favour.
select
    'patient' as table_name,
    row_key,
    'metastatic_on' as column_name,
    patient_id,
    cast(metastatic_on as varchar) || ', first diagnosis ' || cast(primary_diagnosed_on as varchar) as value_text
from patient
where metastatic_on < earliest_day(primary_diagnosed_on, primary_diagnosed_on_precision)
