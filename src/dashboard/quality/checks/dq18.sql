-- One row per treatment whose last day is before its first.
select
    'treatment' as table_name,
    row_key,
    'ended_on' as column_name,
    patient_id,
    'started ' || cast(started_on as varchar) || ', ended ' || cast(ended_on as varchar) as value_text
from treatment
where ended_on < started_on
