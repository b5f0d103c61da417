-- One row per visit, sample, drug start, imaging, response or measurement dated after the patient's death.
with death as (
    select patient_id, min(died_on) as died_on
    from contact
    where died_on is not null
    group by patient_id
),

event as (
    select 'ctdna_sample' as table_name, row_key, 'collected_on' as column_name, patient_id, collected_on as happened_on
    from ctdna_sample
    union all
    select 'treatment', row_key, 'started_on', patient_id, started_on from treatment
    union all
    select 'imaging', row_key, 'imaged_on', patient_id, imaged_on from imaging
    union all
    select 'response', row_key, 'assessed_on', patient_id, assessed_on from response
    union all
    select 'visit', row_key, 'visit_on', patient_id, visit_on from visit where coalesce(has_occurred, true)
    union all
    select 'measurement', row_key, 'measured_on', patient_id, measured_on from measurement
),

final as (
    select
        event.table_name,
        event.row_key,
        event.column_name,
        event.patient_id,
        cast(event.happened_on as varchar) as value_text
    from event
    inner join death on event.patient_id = death.patient_id
    where event.happened_on > death.died_on
)

select * from final
