-- One row per variant and draw with a result. Some batches write p.(Arg175His), others p.R175H, one Exon19del.
with draw as (
    select
        *,
        unnest([
            {'laboratory_id': "Lần 1 Mã LAB", 'version': "Lần 1 Phiên bản", 'result': "Lần 1 VAF ctDNA (%)"},
            {'laboratory_id': "Lần 2 Mã LAB", 'version': "Lần 2 Phiên bản", 'result': "Lần 2 VAF ctDNA (%)"},
            {'laboratory_id': "Lần 3 Mã LAB", 'version': "Lần 3 Phiên bản", 'result': "Lần 3 VAF ctDNA (%)"}
        ]) as report,
        nullif("Biến thể (HGVSp)", '-') as protein,
        nullif("Biến thể (HGVSc)", '-') as coding
    from source.batch
    where "Gen" is not null
),

bare as (
    select *, replace(replace(replace(protein, '(', ''), ')', ''), 'Ter', '*') as letters_0
    from draw
    where
        report.laboratory_id is not null
        and coalesce(report.result, '-') not in ('-', 'NA', 'Mẫu không đạt', 'Chưa có KQ')
),

part_1 as (
    select
        *,
        replace(replace(replace(replace(replace(replace(replace(
            letters_0, 'Ala', 'A'), 'Arg', 'R'), 'Asn', 'N'), 'Asp', 'D'), 'Cys', 'C'), 'Gln', 'Q'), 'Glu', 'E'
        ) as letters_1
    from bare
),

part_2 as (
    select
        *,
        replace(replace(replace(replace(replace(replace(replace(
            letters_1, 'Gly', 'G'), 'His', 'H'), 'Ile', 'I'), 'Leu', 'L'), 'Lys', 'K'), 'Met', 'M'), 'Phe', 'F'
        ) as letters_2
    from part_1
),

part_3 as (
    select
        *,
        replace(replace(replace(replace(replace(replace(
            letters_2, 'Pro', 'P'), 'Ser', 'S'), 'Thr', 'T'), 'Trp', 'W'), 'Tyr', 'Y'), 'Val', 'V'
        ) as letters_3
    from part_2
),

final as (
    select
        part_3.report.laboratory_id as sample_id,
        "Gen" as gene,
        case
            when protein = 'Exon19del' and coding = 'c.2235_2249del' then 'p.E746_A750del'
            else coalesce(letters_3, coding)
        end as variant,
        coding as hgvs_c,
        protein as hgvs_p,
        part_3.report.result as status,
        part_3.report.result as maf_ppm,
        part_3.report.version as report_version,
        case when link.ma_lab is null then 'unlinked_laboratory_id' end as set_aside,
        part_3.source_file,
        part_3.source_row
    from part_3
    left join source.link as link on part_3.report.laboratory_id = link.ma_lab
)

select * from final
