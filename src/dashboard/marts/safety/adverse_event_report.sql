-- One row per reported adverse event with its preferred term, the treatment it belongs to and the event it is merged into.
with written as (
    select
        e.*, p.observed_until, trim(lower(e.term)) as term_key,
        trim(lower(coalesce(e.term_as_written, e.term))) as written_key,
        replace(trim(replace(replace(lower(e.ctcae_version), 'ctcae', ''), 'v', '')), ' ', '') as version,
        case when e.ended_on <= p.observed_until then e.ended_on end as closed_on
    from usable_adverse_event as e
    inner join usable_patient as p on e.patient_id = p.patient_id
    where e.started_on is null or e.started_on <= p.observed_until
),
-- A term the reference list does not know is counted under its own name, in one organ class.
unlisted as (select term_key, min(organ_class) as organ_class from written group by term_key),
named as (
    select
        w.*, coalesce(c.preferred_term, r.preferred_term, w.term_key) as preferred_term,
        coalesce(c.organ_class, r.organ_class, u.organ_class) as class_words,
        coalesce(c.is_gradable, r.is_gradable, true) as is_gradable,
        c.written is not null or r.written is not null as is_listed
    from written as w
    left join adverse_event_synonym as c on w.term_key = c.written
    left join adverse_event_synonym as r on w.written_key = r.written
    left join unlisted as u on w.term_key = u.term_key
),
first_dose as (
    select patient_id, min(started_on) as started_on, max(case when is_at_risk then 1 else 0 end) as is_at_risk
    from adverse_event_exposure
    where scope = 'ALL' group by patient_id
),
-- Onset on the day of the first dose belongs to the line; where two lines run, to the later one.
placed as (
    select
        n.*, x.scope, x.unit, x.started_on as treated_from_on, x.risk_from, x.last_dose_on,
        f.started_on as first_dose_on, f.is_at_risk,
        case when s.adverse_events_from = 'enrolment' then p.enrolled_on end as collected_from_on,
        row_number() over (
            partition by n.patient_id, n.event_id
            order by case x.scope when 'LINE' then 0 when 'LOCAL' then 1 else 2 end nulls last,
                x.started_on desc nulls last, cast(x.unit as varchar) desc nulls last, x.spell desc nulls last
        ) as place
    from named as n
    inner join usable_patient as p on n.patient_id = p.patient_id
    cross join study as s
    left join adverse_event_exposure as x
        on n.patient_id = x.patient_id and x.scope in ('LINE', 'LOCAL')
        and n.started_on between x.risk_from and x.risk_until
    left join first_dose as f on n.patient_id = f.patient_id
),
periods as (
    select
        *,
        case
            when scope = 'LINE' then 'LINE ' || unit
            when scope = 'LOCAL' then 'LOCAL'
            when first_dose_on is null then 'NOT_TREATED'
            when started_on is null and is_at_risk = 1 then 'NO_ONSET'
            when started_on < first_dose_on then 'BEFORE'
            when started_on is null or started_on < collected_from_on then 'BEFORE_ENROLMENT'
            else 'AFTER'
        end as period,
        case when closed_on >= started_on then closed_on when closed_on is null then observed_until else started_on end
            as known_until
    from placed
    where place = 1
),
-- Same term, overlapping dates: one event (clinical-decisions A25g); dates overlap when they share a day.
reached as (
    select
        *,
        max(known_until) over (
            partition by patient_id, preferred_term, period
            order by started_on nulls last, row_key nulls last
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from periods
),
numbered as (
    select
        *,
        count(case when started_on <= reached_on then null else 1 end) over (
            partition by patient_id, preferred_term, period
            order by started_on nulls last, row_key nulls last
            rows between unbounded preceding and current row
        ) as episode
    from reached
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(event_id as varchar) as event_id,
        cast(first_value(row_key) over (
            partition by patient_id, preferred_term, period, episode
            order by started_on nulls last, row_key nulls last
        ) as varchar) as event_key,
        cast(preferred_term as varchar) as preferred_term,
        cast(coalesce(term_as_written, term) as varchar) as term_as_written,
        cast(upper(substr(class_words, 1, 1)) || lower(substr(class_words, 2)) as varchar) as organ_class,
        cast(is_gradable as boolean) as is_gradable,
        cast(case when is_gradable then grade end as integer) as grade,
        cast(grade as integer) as grade_as_recorded,
        cast(case when version in ('', 'unknown') then null when version in ('3', '4', '5', '6') then version || '.0'
            else version end as varchar) as ctcae_version,
        cast(started_on as date) as started_on,
        cast(closed_on as date) as ended_on,
        cast(coalesce(started_on_precision, 'day') <> 'day' as boolean) as is_approximate,
        cast(period as varchar) as period,
        cast(case when scope = 'LINE' then cast(unit as integer) end as integer) as line,
        cast(treated_from_on as date) as treated_from_on,
        cast(risk_from as date) as risk_from,
        cast(date_diff('day', treated_from_on, started_on) + 1 as integer) as day_of_treatment,
        cast(case when started_on > last_dose_on then date_diff('day', last_dose_on, started_on) end as integer)
            as days_after_last_dose,
        cast(is_serious as boolean) as is_serious,
        cast(serious_criterion as varchar) as serious_criterion,
        cast(upper(coalesce(relatedness, 'missing')) as varchar) as relatedness,
        cast(relatedness_as_written as varchar) as relatedness_as_written,
        cast(case when relatedness = 'related' then lower(trim(related_to)) end as varchar) as related_to,
        cast(action_taken as varchar) as action_taken,
        cast(outcome as varchar) as outcome,
        cast(case when is_listed then 'AE_TERM_LISTED' else 'AE_TERM_NOT_LISTED' end as varchar) as rule,
        cast('adverse_event' as varchar) as source_table,
        cast(row_key as varchar) as source_key
    from numbered
)
select * from final
