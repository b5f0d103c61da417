-- One row per report version and variant; one cell may hold several ("ESR1 D538G/Y537S", "1.39%/0.26%").
with part as (
    select
        "样本编号",
        "报告版本",
        "基因",
        unnest(string_split(regexp_replace("突变", '^[A-Z0-9]+ ', ''), '/')) as change,
        unnest(string_split("核苷酸改变", '/')) as coding,
        unnest(string_split("丰度(%)", '/')) as fraction,
        source_file,
        source_row
    from source.ctdna
    where "基因" is not null
),

final as (
    select
        "样本编号" as sample_id,
        "基因" as gene,
        case when change = '扩增' then 'amplification' else 'p.' || regexp_replace(change, '^p\.', '') end as variant,
        nullif(coding, '') as hgvs_c,
        case when change <> '扩增' then change end as hgvs_p,
        case when fraction like '<%' then 'below_loq' else 'detected' end as status,
        case when regexp_full_match(fraction, '[\d.]+%') then fraction end as maf_ppm,
        fraction as maf_text,
        nullif(regexp_extract(fraction, '^扩增\(CN=([\d.]+)\)$', 1), '') as copy_number,
        "报告版本" as report_version,
        source_file,
        source_row
    from part
)

select * from final
