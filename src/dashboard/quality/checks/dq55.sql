-- One row per adverse event that ends before it starts; a partial start counts with its first possible day.
select
    'adverse_event' as table_name,
    row_key,
    'ended_on' as column_name,
    patient_id,
    'started ' || cast(started_on as varchar) || ', ended ' || cast(ended_on as varchar) as value_text
from adverse_event
where ended_on < earliest_day(started_on, started_on_precision)
