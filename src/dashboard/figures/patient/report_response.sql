-- One row per response assessment of the patient: the latest two, oldest first.
with assessment as (
    select
        assessed_on, assessor, reported, calculated, change_from_baseline_tenth_percent,
        change_from_nadir_tenth_percent, first_called_on,
        row_number() over (order by assessed_on desc, assessor desc) as place
    from overall_response
    where patient_id = $patient_id and not is_baseline
)
select
    assessed_on, assessor, reported, calculated, change_from_baseline_tenth_percent,
    change_from_nadir_tenth_percent, first_called_on
from assessment
where place <= 2
order by assessed_on, assessor
