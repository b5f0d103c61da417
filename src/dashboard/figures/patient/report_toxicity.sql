-- One row per adverse event term that limits the choice of treatment, with its worst grade; the worst first.
-- Grade 3 or more since the latest line began (without lines: at any time); QT interval, lung and nerves always.
with line as (
    select max(started_on) as started_on from line_of_therapy where patient_id = $patient_id
),
event as (
    select
        term, grade, started_on, ended_on, started_on_precision, ended_on_precision, related_to,
        lower(term) like '%qt%' or lower(term) like '%neuropath%' as is_kept_in_mind,
        lower(term) like '%pneumonitis%' or lower(term) like '%interstitial lung%' as is_lung
    from usable_adverse_event
    where patient_id = $patient_id
),
limiting as (
    select
        event.*,
        row_number() over (
            partition by event.term order by event.grade desc nulls last, event.started_on desc nulls last
        ) as place,
        count(*) over (partition by event.term) as n_events
    from event
    cross join line
    where
        event.is_kept_in_mind or event.is_lung
        or event.grade >= 3 and (line.started_on is null or event.started_on >= line.started_on)
)
select
    term, grade, started_on, ended_on, started_on_precision, ended_on_precision, related_to, n_events, is_lung
from limiting
where place = 1
order by grade desc nulls last, term
