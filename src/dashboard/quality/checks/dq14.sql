-- One row per patient whose vital status is overdue (rule of the follow-up list).
select
    follow_up.source_table as table_name,
    follow_up.source_key as row_key,
    'contact_on' as column_name,
    follow_up.patient_id,
    coalesce('last ' || cast(max(follow_up.last_done_on) as varchar), 'never recorded') as value_text
from follow_up
where follow_up.item = 'vital_status' and follow_up.state = 'OVERDUE'
group by follow_up.source_table, follow_up.source_key, follow_up.patient_id
