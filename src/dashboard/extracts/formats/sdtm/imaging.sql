-- One row per subject, date and imaging method of TR and TU.
-- from: tr, tu
-- otherwise: no_method_or_no_date
with seen as (
    select "USUBJID", "TRDTC" as imaged_on, "TRMETHOD" as method, source_file, source_row from source.tr
    union all
    select "USUBJID", "TUDTC", "TUMETHOD", source_file, source_row from source.tu
),
final as (
    select
        "USUBJID" as patient_id,
        imaged_on,
        case
            when method ilike '%pet%' then 'pet_ct'
            when method ilike '%ct scan%' or method = 'CT' or method ilike 'spiral ct%' then 'ct'
            when method ilike '%mri%' or method ilike '%magnetic%' then 'mri'
            when method ilike '%bone scan%' or method ilike '%scintigraph%' then 'bone_scan'
            when method ilike '%ultraso%' then 'ultrasound'
            when method ilike '%x-ray%' then 'x_ray'
            when method ilike '%mammo%' then 'mammography'
            else 'other'
        end as modality,
        source_file,
        min(source_row) as source_row,
        list(source_row order by source_row) as source_rows
    from seen where method is not null and imaged_on is not null
    group by "USUBJID", imaged_on, modality, source_file
)
select * from final
