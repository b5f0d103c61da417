-- One row per variant whose gene was read as another name, or is not among the genes of its panel.
with covered as (
    select panel, gene from panel_gene
    union
    select panel, gene from definition_panel_gene
),

described as (
    select distinct panel from covered
)

select
    'variant' as table_name,
    variant.row_key,
    'gene' as column_name,
    sample.patient_id,
    case
        when covered.gene is null and described.panel is not null
            then variant.gene || ' is not among the genes of ' || described.panel
        else variant.gene_as_written || ' read as ' || variant.gene
    end as value_text
from variant
inner join ctdna_sample as sample on variant.sample_id = sample.sample_id
left join described on sample.panel = described.panel
left join covered on sample.panel = covered.panel and variant.gene = covered.gene
where
    (variant.gene_as_written is not null and upper(trim(variant.gene_as_written)) <> upper(variant.gene))
    or (described.panel is not null and covered.gene is null)
