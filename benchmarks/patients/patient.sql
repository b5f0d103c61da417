-- One row per patient.
select
    'P' || lpad(cast(i as varchar), 8, '0') as patient_id,
    lpad(cast(1 + chance(i, 'site', 6) as varchar), 2, '0') as site_id,
    'female' as sex,
    date '1940-01-01' + 365 * chance(i, 'birth', 45) as born_on,
    date '2019-01-01' + chance(i, 'enrolment', 1800) as enrolled_on,
    'breast' as tumour_type,
    least(date '2019-01-01' + chance(i, 'enrolment', 1800) + 120 + chance(i, 'follow-up', 1050), date '2026-02-28')
        as observed_until,
    'P' || lpad(cast(i as varchar), 8, '0') as row_key,
    'patient.csv' as source_file, i + 2 as source_row, 1 as n_copies
from range($n_patients) as numbers(i)
