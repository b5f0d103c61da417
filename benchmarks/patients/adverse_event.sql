-- One row per adverse event, two a patient.
select
    patient_id, 'E' || n as event_id, 'neutropenia' as term, 1 + chance(patient_id || n, 'grade', 4) as grade,
    enrolled_on + 30 + chance(patient_id || n, 'event', 200) as started_on, false as is_serious,
    patient_id || ' | E' || n as row_key, 'adverse_event.csv' as source_file, 0 as source_row, 1 as n_copies
from usable_patient
cross join range(2) as numbers(n)
