-- One row per patient and day of a progression of a disease recorded as bone-only at the study start, where nothing was
-- seen elsewhere by that day.
with progression as (
    select distinct patient_id, assessed_on from overall_response where response = 'PD'
),

final as (
    select
        cast(extent.patient_id as varchar) as patient_id,
        cast(progression.assessed_on as date) as assessed_on,
        cast(extent.source_table as varchar) as source_table,
        cast(extent.source_key as varchar) as source_key
    from recorded_extent as extent
    inner join progression on extent.patient_id = progression.patient_id
    where
        extent.name = 'bone_only' and extent.value = 'yes'
        and (extent.outside_bone_on is null or extent.outside_bone_on > progression.assessed_on)
)

select * from final
