-- One row per patient identifier under which the extract has different patients; each of them is not loaded.
select
    'patient' as table_name,
    value as row_key,
    'patient_id' as column_name,
    value as patient_id,
    cast(count(distinct source_row) as varchar) as value_text
from rejected_row
where canonical_table = 'patient' and column_name = 'patient_id' and allowed like 'different rows under one key%'
group by value
