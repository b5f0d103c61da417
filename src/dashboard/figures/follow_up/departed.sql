-- One row per reason for which nothing more is expected of a patient, with the number of patients.
select
    follow_up.reason,
    count(distinct follow_up.patient_id) as n_patients
from follow_up
where
    follow_up.state = 'NOT_EXPECTED'
    and follow_up.reason in ('DIED', 'WITHDREW', 'TRANSFERRED', 'LOST', 'LEFT_STUDY', 'COMPLETED')
group by follow_up.reason
order by n_patients desc, follow_up.reason
