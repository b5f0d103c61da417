-- One row per patient, lesion and diameter of a lesion found as new that is there at the last scan with lesions.
-- None of a lesion treated by then: what is measured is the zone of the treatment (clinical-decisions A5).
with last_day as (
    select patient_id, max(seen_on) as seen_on from lesion_finding group by patient_id
),
-- The lesions of one scan may be recorded on several days of its visit.
last_scan as (
    select distinct finding.patient_id, finding.assessed_on
    from lesion_finding as finding
    inner join last_day on finding.patient_id = last_day.patient_id and finding.seen_on = last_day.seen_on
),
treated as (
    select lesion.patient_id, lesion.lesion_id
    from treated_lesion as lesion
    inner join last_day on lesion.patient_id = last_day.patient_id and lesion.treated_on <= last_day.seen_on
),
found_new as (
    select distinct patient_id, lesion_id from lesion_finding where role = 'new'
),
seen as (
    select * from lesion_finding where diameter_tenth_mm > 0 and state <> 'equivocal'
),
still_there as (
    select distinct seen.patient_id, seen.lesion_id
    from seen
    inner join last_scan on seen.patient_id = last_scan.patient_id and seen.assessed_on = last_scan.assessed_on
    inner join found_new on seen.patient_id = found_new.patient_id and seen.lesion_id = found_new.lesion_id
    left join treated on seen.patient_id = treated.patient_id and seen.lesion_id = treated.lesion_id
    where treated.lesion_id is null
),
final as (
    select
        cast(seen.patient_id as varchar) as patient_id,
        cast(seen.lesion_id as varchar) as lesion_id,
        cast(seen.seen_on as date) as seen_on,
        cast(seen.diameter_tenth_mm as bigint) as diameter_tenth_mm,
        cast(seen.organ as varchar) as organ,
        cast(seen.location as varchar) as location,
        cast(seen.source_table as varchar) as source_table,
        cast(seen.source_key as varchar) as source_key
    from seen
    inner join still_there on seen.patient_id = still_there.patient_id and seen.lesion_id = still_there.lesion_id
)
select * from final
