-- One row per problem of a record that was not loaded; a record with two problems stands twice.
select source_file, source_row, canonical_table, column_name, value, allowed, message, row_text
from rejected_row
order by source_file, source_row, canonical_table, column_name
