-- One row per ECOG performance status that is none of 0 to 5.
select
    'measurement' as table_name,
    row_key,
    'value' as column_name,
    patient_id,
    cast(value as varchar) as value_text
from measurement
where name = 'ecog' and value not in (0, 1, 2, 3, 4, 5)
