-- One row per patient and line of therapy with a progression: the day of the first, radiological or clinical.
select
    cast(patient_id as varchar) as patient_id,
    cast(line as integer) as line,
    cast(min(occurred_on) as date) as progressed_on
from milestone
where kind in ('radiological_progression', 'clinical_progression') and line > 0
group by patient_id, line
