-- One row per data issue.
select check_id, severity, excludes, table_name, row_key, column_name, patient_id, value_text
from data_issue
order by check_id, patient_id nulls last, table_name, row_key, column_name
