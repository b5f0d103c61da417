-- One row per version of the report of a sample: the finding on the whole sample in GF, with the draw (BE) and the yield (BS).
with qualifier as (
    select
        "USUBJID",
        "IDVARVAL",
        max("QVAL") filter ("QNAM" = 'RPTDTC') as reported_on,
        max("QVAL") filter ("QNAM" = 'LOD') as lod_ppm,
        max("QVAL") filter ("QNAM" = 'LLOQ') as loq_ppm
    from source.suppgf
    group by "USUBJID", "IDVARVAL"
),

reason as (
    select "USUBJID", "IDVARVAL", max("QVAL") as reason
    from source.suppbe
    where "QNAM" = 'DRAWREAS'
    group by "USUBJID", "IDVARVAL"
),

draw as (
    select
        be."BEREFID",
        max(be."VISIT") as draw,
        max(be."BESTDTC") filter (be."BETERM" = 'COLLECTED') as collected_on,
        max(be."BESTDTC") filter (be."BETERM" = 'RECEIVED') as received_on,
        max(reason.reason) as reason
    from source.be as be
    left join reason on be."USUBJID" = reason."USUBJID" and be."BESEQ" = reason."IDVARVAL"
    group by be."BEREFID"
),

yield as (
    select "BSREFID", max("BSORRES") as cfdna_ng_per_ml
    from source.bs
    where "BSTESTCD" = 'CFDNA' and "BSORRESU" = 'ng/mL'
    group by "BSREFID"
),

final as (
    select
        gf."GFREFID" as sample_id,
        gf."USUBJID" as patient_id,
        gf."GFREFID" as laboratory_id,
        draw.draw,
        draw.collected_on,
        draw.received_on,
        qualifier.reported_on,
        split_part(gf."GFSPID", '/', 2) as report_version,
        case
            when gf."GFSTAT" = 'NOT DONE' and gf."GFREASND" = 'RESULT PENDING' then 'pending'
            when gf."GFSTAT" = 'NOT DONE' then 'failed'
            when gf."GFSTRESC" = 'DETECTED BELOW LOQ' then 'below_loq'
            else replace(lower(gf."GFSTRESC"), ' ', '_')
        end as status,
        nullif(gf."GFREASND", 'RESULT PENDING') as failure_reason,
        gf."GFNAM" as assay,
        gf."GFMETHOD" as panel,
        qualifier.lod_ppm,
        qualifier.loq_ppm,
        yield.cfdna_ng_per_ml,
        draw.reason,
        gf.source_file,
        gf.source_row
    from source.gf as gf
    left join qualifier on gf."USUBJID" = qualifier."USUBJID" and gf."GFSEQ" = qualifier."IDVARVAL"
    left join draw on gf."GFREFID" = draw."BEREFID"
    left join yield on gf."GFREFID" = yield."BSREFID"
    where gf."GFTESTCD" = 'CTDNA'
)

select * from final
