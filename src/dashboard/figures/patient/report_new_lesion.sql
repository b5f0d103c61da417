-- One row per diameter of a lesion that was found as new and is there at the last scan with lesions, oldest first.
-- None of a lesion treated since: what is measured then is the zone of the treatment (clinical-decisions A5).
with seen as (
    select
        lesion.lesion_id, lesion.assessed_on, lesion.diameter_mm, lesion.organ, lesion.location,
        coalesce(lesion.diameter_mm > 0 and coalesce(lesion.state, 'measured') <> 'equivocal', false) as is_there,
        max(case when lesion.role = 'new' then 1 else 0 end) over (partition by lesion.lesion_id) as is_new,
        max(case when lesion.role = 'treated' or lesion.state = 'controlled' then 1 else 0 end) over (
            partition by lesion.lesion_id
        ) as is_treated,
        max(lesion.assessed_on) over () as last_scan_on
    from usable_lesion as lesion
    inner join usable_patient as patient on lesion.patient_id = patient.patient_id
    where lesion.patient_id = $patient_id and lesion.assessed_on <= patient.observed_until
),
at_last_scan as (
    select distinct lesion_id from seen where is_there and is_new = 1 and is_treated = 0 and assessed_on = last_scan_on
)
select seen.lesion_id, seen.assessed_on, seen.diameter_mm, seen.organ, seen.location
from seen
inner join at_last_scan on seen.lesion_id = at_last_scan.lesion_id
where seen.is_there
order by seen.lesion_id, seen.assessed_on
