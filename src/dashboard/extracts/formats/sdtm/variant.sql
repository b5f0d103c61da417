-- One row per plasma sample and variant of GF; the allele fraction in per cent or as fraction, as its unit says.
-- from: gf
-- otherwise: no_variant
with finding as (
    select *, coalesce("GFREFID", "USUBJID" || ' ' || left("GFDTC", 10)) as sample from source.gf
    where "GFSYM" is not null
        and ("GFSPEC" is null or "GFSPEC" ilike '%plasma%' or "GFSPEC" ilike '%cell%free%' or "GFSPEC" ilike '%blood%')
),
amount as (
    select *, try_cast("GFSTRESN" as decimal(18, 9)) as number from finding
),
final as (
    select
        sample as sample_id,
        "GFSYM" as gene,
        coalesce("GFPVRID", "GFORRES") as variant,
        case when number > 0 or upper("GFSTRESC") in ('DETECTED', 'POSITIVE') then 'detected' else 'not_detected' end as status,
        case
            when number > 0 and "GFSTRESU" = '%' then cast(number * 10000 as varchar)
            when number > 0 and upper("GFSTRESU") in ('FRACTION', 'RATIO') then cast(number * 1000000 as varchar)
        end as maf_ppm,
        "GFSTRESN" || coalesce(' ' || "GFSTRESU", '') as maf_text,
        source_file,
        source_row
    from amount where coalesce("GFPVRID", "GFORRES") is not null and coalesce(upper("GFSTAT"), '') <> 'NOT DONE'
)
select * from final
