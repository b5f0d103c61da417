-- One row per visit, sample, drug start, imaging, response or measurement dated after the patient's death; a partial
-- date counts with its first possible day.
with death as (
    select patient_id, min(coalesce(died_on, contact_on)) as died_on
    from contact
    where vital_status = 'dead'
    group by patient_id
),

event as (
    select 'ctdna_sample' as table_name, row_key, 'collected_on' as column_name, patient_id, collected_on as happened_on, collected_on_precision as precision
    from ctdna_sample
    union all
    select 'treatment', row_key, 'started_on', patient_id, started_on, started_on_precision from treatment
    union all
    select 'imaging', row_key, 'imaged_on', patient_id, imaged_on, imaged_on_precision from imaging
    union all
    select 'response', row_key, 'assessed_on', patient_id, assessed_on, assessed_on_precision from response
    union all
    select 'visit', row_key, 'visit_on', patient_id, visit_on, visit_on_precision from visit where coalesce(has_occurred, true)
    union all
    select 'measurement', row_key, 'measured_on', patient_id, measured_on, measured_on_precision from measurement
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
    where
        case
            when event.precision = 'month' then cast(date_trunc('month', event.happened_on) as date)
            when event.precision = 'year' then cast(date_trunc('year', event.happened_on) as date)
            else event.happened_on
        end > death.died_on
)

select * from final
