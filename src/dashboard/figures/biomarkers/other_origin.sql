-- One row per variant that may not come from the tumour, with the columns its reason names.
select
    c.*, c.germline_rule is not null and c.chip_rule is null as is_germline_alone
from variant_course as c
where
    (c.is_possible_chip or c.is_possible_germline) and c.n_detected > 0
    and c.patient_id in (select patient_id from usable_patient where enrolled_on is not null /* and cohort */)
order by c.gene, c.patient_id, c.variant
