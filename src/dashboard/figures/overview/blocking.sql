-- One row per data issue that blocks the primary result.
select
    check_id, issue_group, is_systematic, patient_id, table_name, row_key, column_name, value_text
from data_issue
where issue_group = 'blocks_primary'
order by check_id, patient_id, row_key
