-- One row per date of {table}.{column} after the data cut-off (calendar studies; a relative one has no cut-off day).
select
    '{table}' as table_name,
    row_key,
    '{column}' as column_name,
    patient_id,
    cast({column} as varchar) as value_text
from {table}
where {column} > (select cut_off from extract where calendar = 'calendar')
