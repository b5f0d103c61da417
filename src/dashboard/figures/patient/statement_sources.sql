-- One row per record of one patient: where it was read. Going through those of everybody would take most of the page's time.
-- Of a record received twice, the first file, and the first of its rows.
with sample as (
    select sample_id from ctdna_sample where patient_id = $patient_id
),
provenance as (
    select 'patient' as source_table, row_key, source_file, source_row from patient where patient_id = $patient_id
    union all select 'characteristic', row_key, source_file, source_row from characteristic where patient_id = $patient_id
    union all select 'pathology', row_key, source_file, source_row from pathology where patient_id = $patient_id
    union all select 'treatment', row_key, source_file, source_row from treatment where patient_id = $patient_id
    union all select 'ctdna_sample', row_key, source_file, source_row from ctdna_sample where patient_id = $patient_id
    union all select 'variant', row_key, source_file, source_row from variant inner join sample using (sample_id)
    union all select 'imaging', row_key, source_file, source_row from imaging where patient_id = $patient_id
    union all select 'lesion', row_key, source_file, source_row from lesion where patient_id = $patient_id
    union all select 'response', row_key, source_file, source_row from response where patient_id = $patient_id
    union all select 'measurement', row_key, source_file, source_row from measurement where patient_id = $patient_id
    union all select 'adverse_event', row_key, source_file, source_row from adverse_event where patient_id = $patient_id
    union all select 'visit', row_key, source_file, source_row from visit where patient_id = $patient_id
    union all select 'contact', row_key, source_file, source_row from contact where patient_id = $patient_id
    union all select 'disposition', row_key, source_file, source_row from disposition where patient_id = $patient_id
)
select source_table, row_key, min(source_file) as source_file, arg_min(source_row, (source_file, source_row)) as source_row
from provenance
group by source_table, row_key
