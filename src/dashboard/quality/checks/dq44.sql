-- One row per response with a new lesion that is no progression.
select
    'response' as table_name,
    row_key,
    'overall' as column_name,
    patient_id,
    'new lesion, overall ' || upper(replace(overall, '_', '-')) as value_text
from response
where new_lesion = 'yes' and overall <> 'pd'
