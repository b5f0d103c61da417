-- One row per criterion: enrolled patients by result with all readings in force.
with judged as (
    select
        eligibility_criterion.criterion_no, eligibility_criterion.criterion, eligibility_criterion.label,
        eligibility_criterion.patient_id, min(eligibility_criterion.result_in_force) as result
    from eligibility_criterion
    inner join patient_summary on eligibility_criterion.patient_id = patient_summary.patient_id
    where eligibility_criterion.is_in_force and patient_summary.enrolled_on is not null
    group by
        eligibility_criterion.criterion_no, eligibility_criterion.criterion, eligibility_criterion.label,
        eligibility_criterion.patient_id
)

select
    criterion_no,
    criterion,
    label,
    count(*) as n_enrolled,
    count(*) filter (result = 'PASS') as n_met,
    count(*) filter (result = 'FAIL') as n_not_met,
    count(*) filter (result = 'NEEDS_RULING') as n_needs_ruling,
    count(*) filter (result = 'UNKNOWN') as n_not_judged,
    count(*) filter (result = 'RULED') as n_ruled
from judged
group by criterion_no, criterion, label
order by criterion_no, criterion
