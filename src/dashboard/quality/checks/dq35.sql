-- One row per ctDNA sample that was not detected while another of the same patient, day, assay and panel was.
with final as (
    select
        'ctdna_sample' as table_name,
        clear.source_key as row_key,
        'status' as column_name,
        clear.patient_id,
        min(detected.sample_id) as value_text
    from ctdna_level as clear
    inner join ctdna_level as detected
        on
            clear.patient_id = detected.patient_id
            and clear.collected_on = detected.collected_on
            and clear.assay is not distinct from detected.assay
            and clear.panel is not distinct from detected.panel
    where clear.is_outweighed and detected.status in ('detected', 'below_loq')
    group by clear.source_key, clear.patient_id
)

select * from final
