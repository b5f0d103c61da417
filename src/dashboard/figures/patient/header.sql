-- One row: the summary of the patient, what the last ctDNA result rests on, and the number of open data issues.
select
    summary.*,
    (
        select origin_rule from ctdna_basis as basis
        where basis.patient_id = summary.patient_id and basis.sample_id = summary.last_sample_id
    ) as last_origin_rule,
    (
        select count(*) from data_issue
        where
            data_issue.patient_id = summary.patient_id and issue_group <> 'for_information' and not is_systematic
    ) as n_data_issues
from patient_summary as summary
where summary.patient_id = $patient_id
