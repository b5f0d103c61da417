-- One row per day of the patient that is recorded to the month or year only, by what it is a day of.
select subject, day_on, precise_to
from partial_day
where patient_id = $patient_id
order by subject, day_on
