-- One row per imaging examination of PR.
with final as (
    select
        "USUBJID" as patient_id,
        "PRSTDTC" as imaged_on,
        case "PRTRT"
            when 'CT SCAN' then 'ct'
            when 'MRI' then 'mri'
            when 'PET/CT SCAN' then 'pet_ct'
            when 'BONE SCAN' then 'bone_scan'
            else "PRTRT"
        end as modality,
        "PRLOC" as regions,
        case when "PRLOC" ilike '%brain%' then 'true' else 'false' end as is_cns_imaged,
        source_file,
        source_row
    from source.pr
    where "PRCAT" = 'IMAGING'
)

select * from final
