-- One row per visit, about every two months.
with visits as (
    select
        p.*, n, enrolled_on + 60 * cast(n as integer) + chance(patient_id || n, 'visit', 12) as visit_on
    from usable_patient as p
    cross join range(24) as numbers(n)
)
select
    patient_id, visit_on, 'V' || n as visit, true as has_occurred, true as is_treatment_reviewed,
    patient_id || ' | ' || visit_on || ' | V' || n as row_key,
    'visit.csv' as source_file, 0 as source_row, 1 as n_copies
from visits
where visit_on <= observed_until
