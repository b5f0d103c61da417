-- One row per patient, variant ever looked for or found, and valid sample: found, not found, or not covered.
with valid_sample as (
    select
        level.patient_id, level.sample_id, level.draw_no, level.collected_on, level.status, level.panel,
        level.series_no, level.is_baseline,
        coalesce(level.tracks, 'unknown') = 'tumour_informed' as is_tumour_informed,
        coalesce(assay_panel.is_white_cell_filtered, false) as is_white_cell_filtered
    from ctdna_level as level
    left join assay_panel on level.panel = assay_panel.panel
    where level.is_valid
),
called as (
    select
        valid_sample.patient_id, variant.sample_id, variant.gene, variant.variant, variant.hgvs_c, variant.hgvs_p,
        variant.status, variant.maf_ppm, variant.copy_number, variant.origin, variant.is_white_cell_matched,
        coalesce(variant.is_tracked, valid_sample.is_tumour_informed) as is_tracked,
        variant.variant in ('amplification', 'deletion', 'loss')
        or (variant.copy_number is not null and variant.maf_ppm is null) as is_copy_number,
        variant.row_key, variant.source_file, variant.source_row
    from usable_variant as variant
    inner join valid_sample on variant.sample_id = valid_sample.sample_id
),
known as (
    select
        patient_id, gene, variant, max(case when is_copy_number then 1 else 0 end) as copy_number_flag,
        max(case when is_tracked then 1 else 0 end) as tracked_flag
    from called
    group by patient_id, gene, variant
),
-- The genes of the panels by themselves: what a tumour-informed assay looks at (sample_gene) rests on this table.
covered_gene as (
    select panel, gene, alteration from usable_panel_gene
    union
    select panel, gene, alteration from definition_panel_gene
),
sample_call as (
    select sample_id, count(*) as n_calls from called group by sample_id
),
-- A panel that covers the gene and did not report the variant did not find it. A tumour-informed assay shows the
-- same only where it lists the variant, or where the whole sample is not detected and nothing is listed.
final as (
    select
        cast(known.patient_id as varchar) as patient_id,
        cast(known.gene as varchar) as gene,
        cast(known.variant as varchar) as variant,
        cast(valid_sample.sample_id as varchar) as sample_id,
        cast(valid_sample.draw_no as bigint) as draw_no,
        cast(valid_sample.collected_on as date) as collected_on,
        cast(valid_sample.series_no as bigint) as series_no,
        cast(valid_sample.panel as varchar) as panel,
        cast(valid_sample.is_baseline as boolean) as is_baseline,
        cast(valid_sample.is_tumour_informed as boolean) as is_tumour_informed,
        cast(valid_sample.is_white_cell_filtered as boolean) as is_white_cell_filtered,
        cast(
            case
                when called.status <> 'not_detected' then 'FOUND'
                when called.status = 'not_detected' then 'ABSENT'
                when covered_gene.gene is not null then 'ABSENT'
                when
                    valid_sample.is_tumour_informed and known.tracked_flag = 1
                    and valid_sample.status = 'not_detected' and sample_call.n_calls is null
                    then 'ABSENT'
                else 'NOT_COVERED'
            end as varchar
        ) as outcome,
        cast(called.status as varchar) as status,
        cast(called.maf_ppm as decimal(10, 3)) as maf_ppm,
        cast(called.copy_number as decimal(8, 2)) as copy_number,
        cast(called.hgvs_c as varchar) as hgvs_c,
        cast(called.hgvs_p as varchar) as hgvs_p,
        cast(called.origin as varchar) as origin,
        cast(called.is_tracked as boolean) as is_tracked,
        cast(known.copy_number_flag = 1 as boolean) as is_copy_number,
        cast(called.is_white_cell_matched as boolean) as is_white_cell_matched,
        cast(called.is_copy_number as boolean) as is_copy_number_call,
        cast('variant' as varchar) as source_table,
        cast(called.row_key as varchar) as source_key,
        cast(called.source_file as varchar) as source_file,
        cast(called.source_row as integer) as source_row
    from known
    inner join valid_sample on known.patient_id = valid_sample.patient_id
    left join called
        on
            valid_sample.sample_id = called.sample_id and known.gene = called.gene
            and known.variant = called.variant
    left join covered_gene
        on
            valid_sample.panel = covered_gene.panel and known.gene = covered_gene.gene
            and covered_gene.alteration = case when known.copy_number_flag = 1 then 'copy_number' else 'sequence' end
            and not valid_sample.is_tumour_informed
    left join sample_call on valid_sample.sample_id = sample_call.sample_id
)
select * from final
