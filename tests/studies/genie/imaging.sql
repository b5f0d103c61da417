-- One row per patient, day and kind of scan: several reports of one day and kind become one.
with final as (
    select
        "record_id" as patient_id,
        "image_scan_int" as imaged_on,
        case "image_scan_type"
            when 'CT' then 'ct' when 'MRI' then 'mri' when 'PET or PET-CT' then 'pet_ct' when 'Bone Scan' then 'bone_scan'
            when 'Mammogram' then 'mammography' when 'Bone scan' then 'bone_scan' when 'PET-CT' then 'pet_ct'
            else case when "image_scan_type" is null then 'unknown' else 'other' end
        end as modality,
        string_agg(distinct "scan_sites", '; ' order by "scan_sites") as regions,
        cast(bool_or("scan_sites" ilike '%head%' or "scan_sites" ilike '%brain%') as varchar) as is_cns_imaged,
        min(source_file) as source_file,
        min(source_row) as source_row,
        list(source_row order by source_row) as source_rows
    from source.scan where "image_scan_int" is not null group by "record_id", "image_scan_int", modality
)
select * from final
