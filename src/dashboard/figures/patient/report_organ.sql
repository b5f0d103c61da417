-- One row per blood value of organ function, QTc included: the latest result on or before the data cut.
with result as (
    select
        measured.*,
        row_number() over (
            partition by measured.name order by measured.measured_on desc nulls last, measured.row_key desc
        ) as place
    from usable_measurement as measured
    inner join usable_patient as patient on measured.patient_id = patient.patient_id
    where
        measured.patient_id = $patient_id and measured.value is not null
        and measured.measured_on <= patient.observed_until
)
select name, comparator, value, unit, lower_normal, upper_normal, measured_on
from result
where place = 1
order by name
