-- One row per enrolled patient of the cohort and course stopped for toxicity while the line went on without its drugs.
with cohort as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
)

select stopped.patient_id, stopped.line, stopped.drugs, stopped.stopped_on, stopped.went_on_with
from cohort
inner join stopped_drug as stopped on cohort.patient_id = stopped.patient_id
order by stopped.patient_id, stopped.line, stopped.stopped_on, stopped.drugs
