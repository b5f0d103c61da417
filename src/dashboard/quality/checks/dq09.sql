-- One row per date of {table}.{column} before the patient's birth (year of birth where only that is known).
select
    '{table}' as table_name,
    record.row_key,
    '{column}' as column_name,
    patient.patient_id,
    cast(record.{column} as varchar) as value_text
from {table} as record
inner join patient on record.patient_id = patient.patient_id
where
    '{column}' <> 'born_on'
    and record.{column} < case
        when patient.born_on_precision = 'year' then cast(date_trunc('year', patient.born_on) as date)
        when patient.born_on_precision = 'month' then cast(date_trunc('month', patient.born_on) as date)
        else patient.born_on
    end
