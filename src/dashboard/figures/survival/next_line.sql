-- One row per patient of the cohort with progression on the line before the one asked for: what followed it.
with cohort as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
)

select cohort.patient_id, progression.what_followed
from cohort
inner join line_progression as progression
    on cohort.patient_id = progression.patient_id and progression.line = $line - 1
order by cohort.patient_id
