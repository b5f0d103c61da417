-- One row per variant that is not detected and yet has an allele fraction.
select
    'variant' as table_name,
    variant.row_key,
    'maf_ppm' as column_name,
    ctdna_sample.patient_id,
    cast(variant.maf_ppm as varchar) as value_text
from variant
left join ctdna_sample on variant.sample_id = ctdna_sample.sample_id
where variant.status = 'not_detected' and variant.maf_ppm is not null
