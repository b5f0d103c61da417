-- One row per patient whose recorded visceral or bone-only disease the sites recorded up to the study start contradict,
-- and per patient recorded as both.
with visceral as (
    select patient_id from recorded_extent where name = 'visceral_disease' and value = 'yes'
),

extent as (
    select
        extent.patient_id, extent.name, extent.value, extent.source_table, extent.source_key,
        case
            when extent.agrees = false then 'sites recorded up to then: ' || replace(extent.sites_at_start, '_', ' ')
            when extent.name = 'bone_only' and extent.value = 'yes' and visceral.patient_id is not null
                then 'recorded as visceral disease too'
        end as said
    from recorded_extent as extent
    left join visceral on extent.patient_id = visceral.patient_id
)

select
    source_table as table_name,
    source_key as row_key,
    'value' as column_name,
    patient_id,
    case
        when name = 'bone_only' then 'bone only'
        when value = 'yes' then 'visceral'
        else 'not visceral'
    end || ' at study start, ' || said as value_text
from extent
where said is not null
