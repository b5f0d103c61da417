-- One row per stable disease less than 42 days (clinical-rules 1.6) after the start of its line.
select
    overall.source_table as table_name,
    overall.source_key as row_key,
    'overall' as column_name,
    overall.patient_id,
    'SD on day ' || cast(date_diff('day', line.started_on, overall.assessed_on) as varchar) || ' of line '
    || cast(line.line as varchar) as value_text
from overall_response as overall
inner join line_of_therapy as line on overall.patient_id = line.patient_id and overall.line = line.line
where
    overall.response = 'SD' and not overall.is_baseline
    and date_diff('day', line.started_on, overall.assessed_on) < 42
