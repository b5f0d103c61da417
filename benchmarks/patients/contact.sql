-- One row per contact: every half year, and the death of four in ten.
with contacts as (
    select patient_id, enrolled_on + 180 * cast(n as integer) as contact_on, 'alive' as vital_status, observed_until
    from usable_patient
    cross join range(8) as numbers(n)
    where enrolled_on + 180 * cast(n as integer) < observed_until
    union all
    select patient_id, observed_until, 'dead', observed_until from usable_patient where chance(patient_id, 'dies', 10) < 4
)
select
    patient_id, contact_on, vital_status, case when vital_status = 'dead' then contact_on end as died_on,
    true as is_treatment_reviewed, patient_id || ' | ' || contact_on || ' | ' || vital_status as row_key,
    'contact.csv' as source_file, 0 as source_row, 1 as n_copies
from contacts
