-- One row per diameter of a new lesion of the patient that is there at the last scan, lesion by lesion, oldest first.
select lesion_id, seen_on, diameter_tenth_mm, organ, location
from new_lesion_diameter
where patient_id = $patient_id
order by lesion_id, seen_on, source_key
