-- One row per valid sample, gene and kind of alteration that its assay looks at: a fixed panel looks at its genes, a
-- tumour-informed assay at the genes of the variants it follows in the patient.
with panel as (
    select panel, gene, alteration from usable_panel_gene
    union
    select panel, gene, alteration from definition_panel_gene
),
looked_at as (
    select level.patient_id, level.sample_id, panel.gene, panel.alteration
    from ctdna_level as level
    inner join panel on level.panel = panel.panel
    where level.is_valid and coalesce(level.tracks, 'unknown') <> 'tumour_informed'
    union
    select patient_id, sample_id, gene, case when is_copy_number then 'copy_number' else 'sequence' end
    from variant_sample
    where is_tumour_informed and outcome <> 'NOT_COVERED'
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(sample_id as varchar) as sample_id,
        cast(gene as varchar) as gene,
        cast(alteration as varchar) as alteration
    from looked_at
)
select * from final
