-- One row per examination that shows target lesions and has no response within the study's days (rule of the follow-up list).
select
    follow_up.source_table as table_name,
    follow_up.source_key as row_key,
    'imaged_on' as column_name,
    follow_up.patient_id,
    cast(follow_up.opens_on as varchar) as value_text
from follow_up
where follow_up.item = 'response' and follow_up.state = 'OVERDUE'
