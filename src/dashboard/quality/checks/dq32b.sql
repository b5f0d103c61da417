-- One row per variant detected without any number: no allele fraction, no molecules, no copy number, no score.
select
    'variant' as table_name,
    variant.row_key,
    'maf_ppm' as column_name,
    ctdna_sample.patient_id,
    variant.gene || ' ' || variant.variant as value_text
from variant
left join ctdna_sample on variant.sample_id = ctdna_sample.sample_id
where
    variant.status = 'detected' and variant.maf_ppm is null and variant.alt_molecules is null
    and variant.copy_number is null and variant.variant <> 'amplification' and ctdna_sample.quantity_value is null
    and exists (select 1 from variant as other where other.maf_ppm is not null)
