-- One row per examination: each assessment by imaging.
select
    patient_id, assessed_on as imaged_on, 'ct' as modality, patient_id || ' | ' || assessed_on || ' | ct' as row_key,
    'imaging.csv' as source_file, 0 as source_row, 1 as n_copies
from usable_response
where basis = 'imaging'
