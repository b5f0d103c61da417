-- One row per reason for which nothing more is expected of a patient, with the number of patients.
select
    follow_up.reason,
    count(distinct follow_up.patient_id) as n_patients
from follow_up
inner join patient_departure as departure
    on follow_up.patient_id = departure.patient_id and follow_up.reason = departure.reason
where follow_up.state = 'NOT_EXPECTED'
group by follow_up.reason
order by n_patients desc, follow_up.reason
