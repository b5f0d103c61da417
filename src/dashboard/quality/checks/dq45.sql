-- One row per overall complete response although non-target lesions are not.
select
    'response' as table_name,
    row_key,
    'overall' as column_name,
    patient_id,
    'non-target ' || upper(replace(non_target, '_', '-')) as value_text
from response
where overall = 'cr' and non_target <> 'cr'
