-- One row per recorded line whose predecessor is missing (1, 3); a history may begin with any line.
with line_found as (
    select patient_id, line, arg_min(row_key, (started_on, row_key)) as row_key
    from treatment
    where kind = 'systemic' and line is not null
    group by patient_id, line
),

pair as (
    select line_found.*, lag(line) over (partition by patient_id order by line) as line_before
    from line_found
)

select
    'treatment' as table_name,
    row_key,
    'line' as column_name,
    patient_id,
    'line ' || cast(line as varchar) || ' after line ' || cast(line_before as varchar) as value_text
from pair
where line - line_before > 1
