-- One row per response assessment of the patient, and baseline scan of a line: the latest two, oldest first.
with assessment as (
    select *, row_number() over (order by assessed_on desc, assessor desc) as place
    from overall_response
    where patient_id = $patient_id and (not is_baseline or is_baseline_only)
)
select
    assessment.assessed_on, assessment.assessor, assessment.reported, assessment.calculated, assessment.response,
    assessment.response_by, assessment.is_from_parts,
    assessment.is_baseline_only, assessment.baseline_of_line, assessment.sum_tenth_mm, assessment.baseline_tenth_mm,
    assessment.change_from_baseline_tenth_percent, assessment.change_from_nadir_tenth_percent,
    assessment.first_called_on, study.response_mode
from assessment
cross join study
where assessment.place <= 2
order by assessment.assessed_on, assessment.assessor
