-- One row per data issue, the group that blocks the primary result first.
select
    check_id, severity, issue_group, is_systematic, excludes, table_name, row_key, column_name, patient_id, value_text
from data_issue
order by
    case issue_group when 'blocks_primary' then 1 when 'please_check' then 2 else 3 end,
    check_id, patient_id nulls last, table_name, row_key, column_name
