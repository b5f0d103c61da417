-- One row per check that found something: data issues and the patients they concern.
select
    check_id,
    severity,
    count(*) as n_issues,
    count(distinct patient_id) as n_patients
from data_issue
group by check_id, severity
order by check_id
