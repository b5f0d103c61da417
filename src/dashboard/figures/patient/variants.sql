-- One row per variant of the patient and valid sample, oldest first.
select *
from variant_sample
where patient_id = $patient_id
order by gene, variant, draw_no
