-- One row per treatment whose last day is before its first; a partial date counts with its first possible day.
select
    'treatment' as table_name,
    row_key,
    'ended_on' as column_name,
    patient_id,
    'started ' || cast(started_on as varchar) || ', ended ' || cast(ended_on as varchar) as value_text
from treatment
where
    ended_on < case
        when started_on_precision = 'month' then cast(date_trunc('month', started_on) as date)
        when started_on_precision = 'year' then cast(date_trunc('year', started_on) as date)
        else started_on
    end
