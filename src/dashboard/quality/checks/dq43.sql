-- One row per patient and variant seen in two or more samples, each time near one half (45 to 55 %) or above 90 %.
with seen as (
    select
        sample.patient_id, variant.gene, variant.variant, variant.row_key, variant.maf_ppm, sample.collected_on,
        variant.maf_ppm between 450000 and 550000 as is_half, variant.maf_ppm >= 900000 as is_whole
    from variant
    inner join ctdna_sample as sample on variant.sample_id = sample.sample_id
    where variant.status = 'detected' and coalesce(variant.origin, 'unknown') in ('unknown', 'tumour')
)

select
    'variant' as table_name,
    arg_min(row_key, (collected_on, row_key)) as row_key,
    'maf_ppm' as column_name,
    patient_id,
    gene || ' ' || variant || ' in ' || cast(count(*) as varchar) || ' samples' as value_text
from seen
group by patient_id, gene, variant
having count(*) >= 2 and (coalesce(bool_and(is_half), false) or coalesce(bool_and(is_whole), false))
