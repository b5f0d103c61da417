-- One row per patient, assessor and day of a progression on imaging that only repeats the status before it.
-- After local therapy the investigator's status stays PD once it was PD; on systemic treatment that is no new
-- progression (clinical-decisions A1, A5). A new lesion, a part called PD, or another kind or site is one.
with first_named as (
    select patient_id, lesion_id, state, min(assessed_on) as named_on
    from usable_lesion
    where
        (role = 'new' and coalesce(state, 'measured') not in ('equivocal', 'absent', 'not_assessed'))
        or state in ('unequivocal_progression', 'local_progression')
    group by patient_id, lesion_id, state
),
named_day as (
    select distinct patient_id, named_on from first_named
),
-- Of several records of one assessor and day the worst counts; one that could not be judged says nothing.
status as (
    select
        r.patient_id, r.assessor, r.assessed_on, max(case when r.overall = 'pd' then 1 else 0 end) as is_pd,
        max(case
            when r.new_lesion = 'yes' or r.target = 'pd' or r.non_target = 'pd' or n.named_on is not null then 1
            else 0
        end) as is_named,
        max(case when r.overall = 'pd' then r.progression_pattern end) as pattern,
        max(case when r.overall = 'pd' then lower(r.progression_site) end) as site
    from usable_response as r
    inner join usable_patient as p on r.patient_id = p.patient_id
    cross join study as s
    left join named_day as n on r.patient_id = n.patient_id and r.assessed_on = n.named_on
    where
        s.response_mode = 'post_local_therapy' and r.assessed_on <= p.observed_until
        and coalesce(r.basis, 'imaging') = 'imaging' and r.overall is not null and r.overall <> 'ne'
    group by r.patient_id, r.assessor, r.assessed_on
),
compared as (
    select
        status.*, lag(is_pd) over w as is_pd_before, lag(pattern) over w as pattern_before,
        lag(site) over w as site_before
    from status
    window w as (partition by patient_id, assessor order by assessed_on nulls last)
),
judged as (
    select
        *,
        case
            when is_pd = 0 or is_named = 1 or coalesce(is_pd_before, 0) = 0 then 0
            when pattern <> pattern_before or site <> site_before then 0
            else 1
        end as is_carried
    from compared
),
dated as (
    select
        *,
        max(case when is_pd = 1 and is_carried = 0 then assessed_on end) over (
            partition by patient_id, assessor order by assessed_on nulls last
            rows between unbounded preceding and current row
        ) as since_on
    from judged
),
first_course as (
    select patient_id, min(started_on) as started_on from systemic_course group by patient_id
),
final as (
    select
        cast(d.patient_id as varchar) as patient_id,
        cast(d.assessor as varchar) as assessor,
        cast(d.assessed_on as date) as assessed_on,
        cast(d.since_on as date) as since_on
    from dated as d
    inner join first_course as c on d.patient_id = c.patient_id and c.started_on < d.assessed_on
    where d.is_carried = 1
)
select * from final
