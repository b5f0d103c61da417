-- One row per reported CR, PR or SD at which a target lesion of the baseline was not measured.
select
    report.source_table as table_name,
    report.source_key as row_key,
    'overall' as column_name,
    report.patient_id,
    report.reported || ' with ' || cast(target.n_measured as varchar) || ' of ' || cast(target.n_targets as varchar)
    || ' target lesions' as value_text
from response_report as report
inner join target_response as target
    on report.patient_id = target.patient_id and report.assessed_on = target.assessed_on
where
    target.response is not null and target.n_measured < target.n_targets
    and upper(report.reported) in ('CR', 'PR', 'SD')
