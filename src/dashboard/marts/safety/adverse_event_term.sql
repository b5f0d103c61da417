-- One row per adverse event after merging terms and overlapping reports, with its worst grade and its line.
with merged as (
    select
        patient_id, event_key, preferred_term, min(organ_class) as organ_class, is_gradable, period,
        max(line) as line, min(started_on) as started_on, min(treated_from_on) as treated_from_on,
        min(risk_from) as risk_from,
        case when count(ended_on) = count(*) then max(ended_on) end as ended_on,
        max(grade) as grade, count(*) as n_reports, count(*) - count(grade) as n_grade_missing,
        min(ctcae_version) as lowest_version, max(ctcae_version) as highest_version,
        max(case when is_approximate then 1 else 0 end) as is_approximate,
        max(case when is_serious then 1 else 0 end) as is_serious,
        min(days_after_last_dose) as days_after_last_dose, min(serious_criterion) as serious_criterion,
        max(case relatedness when 'RELATED' then 4 when 'NOT_ASSESSABLE' then 3 when 'MISSING' then 2 else 1 end)
            as relatedness_rank,
        array_to_string(list_sort(list(distinct term_as_written)), ' | ') as terms_as_written,
        array_to_string(list_sort(list(distinct action_taken)), ' | ') as action_taken,
        array_to_string(list_sort(list(distinct outcome)), ' | ') as outcome
    from adverse_event_report
    group by patient_id, event_key, preferred_term, is_gradable, period
),
-- What the patient had already when this treatment, or the collection of events, began (clinical-decisions A25d).
present as (
    select
        m.patient_id, m.event_key, count(*) as n_present, max(r.grade) as baseline_grade
    from merged as m
    inner join adverse_event_report as r
        on m.patient_id = r.patient_id and m.preferred_term = r.preferred_term
        and r.started_on < m.risk_from and (r.ended_on is null or r.ended_on >= m.risk_from)
    group by m.patient_id, m.event_key
),
compared as (
    select
        m.*, coalesce(p.n_present, 0) > 0 as is_present_at_baseline, p.baseline_grade,
        case when p.n_present is null then true else m.grade > p.baseline_grade end as is_worse
    from merged as m
    left join present as p on m.patient_id = p.patient_id and m.event_key = p.event_key
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(event_key as varchar) as event_key,
        cast(preferred_term as varchar) as preferred_term,
        cast(organ_class as varchar) as organ_class,
        cast(is_gradable as boolean) as is_gradable,
        cast(grade as integer) as grade,
        cast(n_grade_missing as integer) as n_grade_missing,
        cast(n_reports as integer) as n_reports,
        cast(period as varchar) as period,
        cast(line as integer) as line,
        cast(started_on as date) as started_on,
        cast(ended_on as date) as ended_on,
        cast(is_approximate = 1 as boolean) as is_approximate,
        cast(treated_from_on as date) as treated_from_on,
        cast(date_diff('day', treated_from_on, started_on) + 1 as integer) as day_of_treatment,
        cast(days_after_last_dose as integer) as days_after_last_dose,
        cast(is_present_at_baseline as boolean) as is_present_at_baseline,
        cast(baseline_grade as integer) as baseline_grade,
        cast(is_worse as boolean) as is_worse_than_baseline,
        cast(period not in ('NOT_TREATED', 'BEFORE', 'BEFORE_ENROLMENT', 'AFTER') and coalesce(is_worse, true) as boolean)
            as is_counted,
        cast(is_serious = 1 as boolean) as is_serious,
        cast(serious_criterion as varchar) as serious_criterion,
        cast(case relatedness_rank when 4 then 'RELATED' when 3 then 'NOT_ASSESSABLE' when 2 then 'MISSING'
            else 'NOT_RELATED' end as varchar) as relatedness,
        cast(lowest_version as varchar) as lowest_version,
        cast(highest_version as varchar) as highest_version,
        cast(terms_as_written as varchar) as terms_as_written,
        cast(nullif(action_taken, '') as varchar) as action_taken,
        cast(nullif(outcome, '') as varchar) as outcome,
        cast(case
            when period = 'NOT_TREATED' then 'AE_NOT_TREATED'
            when period = 'BEFORE' then 'AE_BEFORE_TREATMENT'
            when period = 'BEFORE_ENROLMENT' then 'AE_BEFORE_ENROLMENT'
            when period = 'AFTER' then 'AE_AFTER_WINDOW'
            when period = 'NO_ONSET' then 'AE_NO_ONSET'
            when not is_worse then 'AE_NOT_WORSE'
            when is_worse is null then 'AE_WORSE_UNKNOWN'
            when is_present_at_baseline then 'AE_WORSE'
            when period = 'LOCAL' then 'AE_AFTER_LOCAL_TREATMENT'
            when days_after_last_dose > 0 then 'AE_AFTER_LAST_DOSE'
            else 'AE_ON_LINE'
        end as varchar) as rule,
        cast('adverse_event' as varchar) as source_table,
        cast(event_key as varchar) as source_key
    from compared
)
select * from final
