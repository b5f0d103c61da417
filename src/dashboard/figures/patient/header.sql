-- One row: the summary of the patient with the number of open data issues.
select
    summary.*,
    (
        select count(*) from data_issue
        where
            data_issue.patient_id = summary.patient_id and issue_group <> 'for_information' and not is_systematic
    ) as n_data_issues
from patient_summary as summary
where summary.patient_id = $patient_id
