-- One row per recorded line that starts before the line before it ends.
with line_found as (
    select
        patient_id, line, min(started_on) as started_on, max(ended_on) as ended_on, arg_min(row_key, (started_on, row_key)) as row_key
    from treatment
    where kind = 'systemic' and line is not null
    group by patient_id, line
),

pair as (
    select
        line_found.*,
        lag(line) over (partition by patient_id order by line) as line_before,
        lag(ended_on) over (partition by patient_id order by line) as ended_before_on
    from line_found
)

select
    'treatment' as table_name,
    row_key,
    'started_on' as column_name,
    patient_id,
    'line ' || cast(line as varchar) || ' starts ' || cast(started_on as varchar) || ', line '
    || cast(line_before as varchar) || ' ends ' || cast(ended_before_on as varchar) as value_text
from pair
where started_on < ended_before_on
