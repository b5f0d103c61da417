-- One row per patient, criterion and reading in force that is not simply met, or on which the PI has ruled.
select
    eligibility_criterion.patient_id,
    usable_patient.site_id,
    usable_patient.enrolled_on is not null as is_enrolled,
    eligibility_criterion.criterion_no,
    eligibility_criterion.criterion,
    eligibility_criterion.reading,
    eligibility_criterion.label,
    eligibility_criterion.result_in_force,
    eligibility_criterion.found,
    eligibility_criterion.operator,
    eligibility_criterion.bound,
    eligibility_criterion.value,
    eligibility_criterion.rule
from eligibility_criterion
inner join usable_patient on eligibility_criterion.patient_id = usable_patient.patient_id
where eligibility_criterion.is_in_force and eligibility_criterion.result_in_force <> 'PASS'
order by
    eligibility_criterion.patient_id, eligibility_criterion.criterion_no, eligibility_criterion.criterion,
    eligibility_criterion.reading
