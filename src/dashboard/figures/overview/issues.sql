-- One row per check that found something: its group, data issues and the patients they concern.
select
    check_id,
    issue_group,
    is_systematic,
    count(*) as n_issues,
    count(distinct patient_id) as n_patients
from data_issue
group by check_id, issue_group, is_systematic
order by check_id
