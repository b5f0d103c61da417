-- One row per patient with the size of the target lesions in mm, and one per later scan with its change in per cent.
-- Weeks on treatment become days.
with final as (
    select
        "id" as patient_id, 'target_size' as name, '0' as measured_on, "l_size" as value, 'mm' as unit,
        source_file, source_row
    from source.clinical
    union all
    select
        "id", 'target_size_change', cast(cast(round(cast("time" as double) * 7) as integer) as varchar), "size_change",
        '%', source_file, source_row
    from source.sizes where "size_change" is not null
)
select * from final
