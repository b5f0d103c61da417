-- One row per variant with an allele fraction above one (1,000,000 ppm).
select
    'variant' as table_name,
    variant.row_key,
    'maf_ppm' as column_name,
    ctdna_sample.patient_id,
    cast(variant.maf_ppm as varchar) as value_text
from variant
left join ctdna_sample on variant.sample_id = ctdna_sample.sample_id
where variant.maf_ppm > 1000000
