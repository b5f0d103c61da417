-- One row per partial response or stable disease right after a complete response of the same assessor, with no treatment
-- started in between.
with evaluated as (
    select
        patient_id, assessor, row_key, assessed_on, overall,
        lag(overall) over (partition by patient_id, assessor order by assessed_on, row_key) as overall_before,
        lag(assessed_on) over (partition by patient_id, assessor order by assessed_on, row_key) as assessed_before_on
    from response
    where overall is not null and overall <> 'ne'
),

worse as (
    select * from evaluated
    where overall_before = 'cr' and overall in ('pr', 'sd') and assessed_before_on < assessed_on
),

treated_between as (
    select distinct worse.row_key
    from worse
    inner join treatment
        on
            worse.patient_id = treatment.patient_id and treatment.part_of is null
            and treatment.started_on > worse.assessed_before_on and treatment.started_on <= worse.assessed_on
)

select
    'response' as table_name,
    worse.row_key,
    'overall' as column_name,
    worse.patient_id,
    upper(worse.overall) || ' on ' || cast(worse.assessed_on as varchar) || ' after CR on '
    || cast(worse.assessed_before_on as varchar) as value_text
from worse
left join treated_between on worse.row_key = treated_between.row_key
where treated_between.row_key is null
