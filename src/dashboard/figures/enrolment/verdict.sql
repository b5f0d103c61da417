-- One row per patient judged by criteria: what holds with all readings in force.
select
    eligibility.patient_id,
    usable_patient.site_id,
    usable_patient.enrolled_on is not null as is_enrolled,
    eligibility.verdict,
    eligibility.n_criteria,
    eligibility.n_met,
    eligibility.n_failed,
    eligibility.n_needs_ruling,
    eligibility.n_unknown,
    eligibility.n_ruled,
    eligibility.first_failed,
    eligibility.first_failed_label,
    eligibility.first_needs_ruling,
    eligibility.first_unknown,
    eligibility.rule
from eligibility
inner join usable_patient on eligibility.patient_id = usable_patient.patient_id
where eligibility.question = ''
order by eligibility.patient_id
