-- One row per allele fraction that cannot be right: above one, or in a file of per cent that holds fractions.
-- A file is taken for one of fractions when none of its 20 or more numbers exceeds 1 % while every other such file of
-- the study has one that does (clinical-decisions A37: per file and batch, never over all files together).
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
    left join file_of_fractions on value_found.source_file = file_of_fractions.source_file
    where value_found.maf_ppm > 1000000 or file_of_fractions.source_file is not null
)

select * from final
