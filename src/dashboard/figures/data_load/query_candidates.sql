-- One row per data issue that may be asked about; of a systematic check one row for all of them.
with issue as (
    select
        check_id,
        severity,
        issue_group,
        table_name,
        coalesce(row_key, '') as row_key,
        coalesce(column_name, '') as column_name,
        bool_or(is_systematic) as is_systematic,
        min(patient_id) as patient_id,
        min(value_text) as value_text
    from data_issue
    where $patient_id is null or patient_id = $patient_id
    group by
        check_id, severity, issue_group, table_name, coalesce(row_key, ''), coalesce(column_name, '')
),

whole as (
    select
        check_id,
        severity,
        issue_group,
        '' as table_name,
        '' as row_key,
        '' as column_name,
        true as is_systematic,
        cast(null as varchar) as patient_id,
        cast(null as varchar) as value_text,
        count(distinct patient_id) as n_patients
    from issue
    where is_systematic
    group by check_id, severity, issue_group
),

candidate as (
    select *, 1 as n_patients from issue where not is_systematic
    union all
    select * from whole
)

select candidate.*, patient.site_id
from candidate
left join patient on patient.patient_id = candidate.patient_id
order by
    case candidate.issue_group when 'blocks_primary' then 1 when 'please_check' then 2 else 3 end,
    candidate.check_id, candidate.patient_id nulls first, candidate.table_name, candidate.row_key,
    candidate.column_name
