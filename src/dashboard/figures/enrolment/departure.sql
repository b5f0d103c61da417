-- One row per sign in the data of a departure from the protocol: patients, with a data check where one found it.
with enrolled as (
    select patient_id from usable_patient where enrolled_on is not null
),

failed as (
    select eligibility.patient_id
    from eligibility
    inner join enrolled on eligibility.patient_id = enrolled.patient_id
    where eligibility.question = '' and eligibility.verdict = 'NOT_ELIGIBLE'
),

checked as (
    select data_issue.check_id, data_issue.patient_id
    from data_issue
    inner join enrolled on data_issue.patient_id = enrolled.patient_id
    where data_issue.check_id in ('DQ03', 'DQ04', 'DQ05')
)

select 'CRITERION_NOT_MET' as sign, count(distinct patient_id) as n_patients from failed
union all
select 'NO_CONSENT_DATE', count(distinct patient_id) filter (check_id = 'DQ03') from checked
union all
select 'CONSENT_LATE', count(distinct patient_id) filter (check_id = 'DQ04') from checked
union all
select 'OUTSIDE_RECRUITMENT', count(distinct patient_id) filter (check_id = 'DQ05') from checked
order by 1
