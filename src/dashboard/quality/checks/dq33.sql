-- One row per detected sample whose highest allele fraction is below the limit of detection the laboratory states.
select
    source_table as table_name,
    source_key as row_key,
    'lod_ppm' as column_name,
    patient_id,
    cast(max_maf_ppm as varchar) || ' | ' || cast(lod_ppm as varchar) as value_text
from ctdna_level
where status = 'detected' and max_maf_ppm < lod_ppm
