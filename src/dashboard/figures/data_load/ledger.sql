-- One row per source file and canonical table it feeds; an empty table is the file as a whole.
select source_file, canonical_table, n_records, n_loaded, n_rejected, n_set_aside, n_rows
from ledger
order by source_file, canonical_table
