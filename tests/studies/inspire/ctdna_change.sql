-- One row per patient: the change in ctDNA since baseline that every row of the patient repeats.
with final as (
    select
        "id" as patient_id,
        'ctdna_change_since_baseline' as name,
        "ctdna_status" as value,
        min(source_file) as source_file,
        min(source_row) as source_row,
        list(source_row order by source_row) as source_rows
    from source.sizes
    group by "id", "ctdna_status"
)
select * from final
