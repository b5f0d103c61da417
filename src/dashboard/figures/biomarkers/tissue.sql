-- One row per test of tissue and result, the last specimen of each patient counted.
with enrolled as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),

placed as (
    select
        p.patient_id, p.test, p.result,
        row_number() over (
            partition by p.patient_id, p.test order by p.taken_on desc nulls last, p.row_key
        ) as place
    from usable_pathology as p
    inner join enrolled on p.patient_id = enrolled.patient_id
    where p.result is not null
)

select test, result, count(*) as n_patients
from placed
where place = 1
group by test, result
order by test, n_patients desc, result
