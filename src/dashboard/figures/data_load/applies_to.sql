-- One row per check that ran, of those about one statement: the patients it can find something of.
select check_id, n_patients
from check_run
where table_name is null
order by check_id
