-- One row per report version and variant of GF: an allele fraction in per cent, "<" the limit of quantification, or a copy number.
with qualifier as (
    select "USUBJID", "IDVARVAL", max("QVAL") as hgvs_c
    from source.suppgf
    where "QNAM" = 'HGVSC'
    group by "USUBJID", "IDVARVAL"
),

final as (
    select
        gf."GFREFID" as sample_id,
        gf."GFSYM" as gene,
        gf."GFPVRID" as variant,
        qualifier.hgvs_c,
        case when gf."GFPVRID" like 'p.%' then gf."GFPVRID" end as hgvs_p,
        case when gf."GFSTRESC" like '<%' then 'below_loq' else 'detected' end as status,
        case when gf."GFTESTCD" = 'VAF' then gf."GFSTRESN" end as maf_ppm,
        gf."GFORRES" || ' ' || gf."GFORRESU" as maf_text,
        case when gf."GFTESTCD" = 'COPYNUM' then gf."GFSTRESN" end as copy_number,
        split_part(gf."GFSPID", '/', 2) as report_version,
        gf.source_file,
        gf.source_row
    from source.gf as gf
    left join qualifier on gf."USUBJID" = qualifier."USUBJID" and gf."GFSEQ" = qualifier."IDVARVAL"
    where gf."GFTESTCD" in ('VAF', 'COPYNUM')
)

select * from final
