-- One row per laboratory result whose laboratory ID is not linked to a patient.
select laboratory_id, collected_on, sex, birth_year, source_file, source_row
from unlinked_result
order by collected_on, laboratory_id
