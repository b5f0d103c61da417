-- One row per detected variant in a gene of clonal haematopoiesis whose origin nobody stated and white cells cannot tell.
select
    'variant' as table_name,
    variant.row_key,
    'origin' as column_name,
    sample.patient_id,
    variant.gene || ' ' || variant.variant as value_text
from variant
inner join ctdna_sample as sample on variant.sample_id = sample.sample_id
inner join chip_gene on variant.gene = chip_gene.gene
left join assay_panel on sample.panel = assay_panel.panel
where
    variant.status in ('detected', 'below_loq') and coalesce(variant.origin, 'unknown') = 'unknown'
    and not coalesce(variant.is_white_cell_matched, false) and not coalesce(assay_panel.is_white_cell_filtered, false)
    and not coalesce(variant.is_tracked, false)
