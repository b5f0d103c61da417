-- One row per blood sample with a genomic finding (GF on plasma).
-- from: gf
-- otherwise: not_plasma
with finding as (
    select *, coalesce("GFREFID", "USUBJID" || ' ' || left("GFDTC", 10)) as sample from source.gf
    where "GFSPEC" is null or "GFSPEC" ilike '%plasma%' or "GFSPEC" ilike '%cell%free%' or "GFSPEC" ilike '%blood%'
),
drawn as (
    select "BEREFID" as sample, min("BESTDTC") as collected_on from source.be
    where "BECAT" is null or "BECAT" ilike '%collect%' group by "BEREFID"
),
final as (
    select
        finding.sample as sample_id,
        finding."USUBJID" as patient_id,
        max(finding."VISIT") as draw,
        coalesce(max(drawn.collected_on), min(finding."GFDTC")) as collected_on,
        case
            when bool_and(coalesce(upper(finding."GFSTAT") = 'NOT DONE', false)) then
                case when max(finding."GFREASND") ilike '%fail%' then 'failed' else 'not_done' end
            when bool_or(finding."GFSTRESN" is not null or upper(finding."GFSTRESC") in ('DETECTED', 'POSITIVE'))
                then 'detected'
            else 'not_detected'
        end as status,
        max(finding."GFREASND") as failure_reason,
        max(finding."GFNAM") as assay,
        max(finding."GFMETHOD") as panel,
        min(finding.source_file) as source_file,
        min(finding.source_row) as source_row,
        list(finding.source_row order by finding.source_row) as source_rows
    from finding left join drawn using (sample)
    group by finding.sample, finding."USUBJID"
)
select * from final
