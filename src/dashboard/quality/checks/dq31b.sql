-- One row per allele fraction of a file that may hold fractions where per cent is meant (clinical-decisions A37: judged
-- per file and batch): none of its 20 or more numbers exceeds 1 % (10,000 ppm), every other such file has one that does.
with value_found as (
    select variant.row_key, variant.source_file, variant.maf_ppm, ctdna_sample.patient_id
    from variant
    left join ctdna_sample on variant.sample_id = ctdna_sample.sample_id
    where variant.maf_ppm is not null
),

file_found as (
    select source_file, max(maf_ppm) as highest_ppm
    from value_found
    group by source_file
    having count(*) >= 20
),

file_of_fractions as (
    select low.source_file
    from file_found as low
    inner join file_found as other on low.source_file <> other.source_file
    where low.highest_ppm <= 10000
    group by low.source_file
    having min(other.highest_ppm) > 10000
),

final as (
    select
        'variant' as table_name,
        value_found.row_key,
        'maf_ppm' as column_name,
        value_found.patient_id,
        cast(value_found.maf_ppm as varchar) as value_text
    from value_found
    inner join file_of_fractions on value_found.source_file = file_of_fractions.source_file
)

select * from final
