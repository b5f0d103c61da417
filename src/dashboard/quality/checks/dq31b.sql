-- One row per file that may hold fractions where per cent is meant (clinical-decisions A37: judged per file and batch):
-- none of its 20 or more numbers exceeds 1 % (10,000 ppm), every other such file has one that does. The row named is the
-- first of the file: the file is in question, not one patient.
with value_found as (
    select variant.row_key, variant.source_file, variant.source_row, variant.maf_ppm, ctdna_sample.patient_id
    from variant
    left join ctdna_sample on variant.sample_id = ctdna_sample.sample_id
    where variant.maf_ppm is not null
),

file_found as (
    select
        source_file,
        max(maf_ppm) as highest_ppm,
        count(*) as n_values,
        count(distinct patient_id) as n_patients,
        arg_min(row_key, (source_row, row_key)) as row_key
    from value_found
    group by source_file
    having count(*) >= 20
),

final as (
    select
        'variant' as table_name,
        min(low.row_key) as row_key,
        'maf_ppm' as column_name,
        cast(null as varchar) as patient_id,
        low.source_file || ': ' || cast(min(low.n_values) as varchar) || ' allele fractions of '
        || cast(min(low.n_patients) as varchar) || case when min(low.n_patients) = 1 then ' patient' else ' patients' end
        as value_text
    from file_found as low
    inner join file_found as other on low.source_file <> other.source_file
    where low.highest_ppm <= 10000
    group by low.source_file
    having min(other.highest_ppm) > 10000
)

select * from final
