-- One row per line given for more than 60 days after its progression; one without an end counts as given until the next line
-- or the last day observed.
select
    source_table as table_name,
    source_key as row_key,
    'ended_on' as column_name,
    patient_id,
    'line ' || cast(line as varchar) || ', progression ' || cast(progressed_on as varchar) || ', counted as given until '
    || cast(last_dose_on as varchar) as value_text
from line_of_therapy
where date_diff('day', progressed_on, last_dose_on) > 60
