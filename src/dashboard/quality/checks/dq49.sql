-- One row per complete or partial response after the progression of its line.
select
    source_table as table_name,
    source_key as row_key,
    'overall' as column_name,
    patient_id,
    response || ' on ' || cast(assessed_on as varchar) as value_text
from overall_response
where is_after_progression and response in ('CR', 'PR')
