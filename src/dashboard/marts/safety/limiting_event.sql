-- One row per patient and term of adverse event that limits the choice of treatment, with its worst event.
-- Grade 3 or more since the latest line began (without lines: at any time); QT interval, lung and nerves at any grade
-- and time (clinical-decisions A16).
with latest_line as (
    select patient_id, max(started_on) as started_on from line_of_therapy group by patient_id
),
event as (
    select
        e.patient_id, e.term, e.grade, e.started_on, e.started_on_precision, e.related_to, e.row_key,
        case when e.ended_on <= p.observed_until then e.ended_on end as ended_on,
        case when e.ended_on <= p.observed_until then e.ended_on_precision end as ended_on_precision,
        lower(e.term) like '%pneumonitis%' or lower(e.term) like '%interstitial lung%' as is_lung,
        lower(e.term) like '%qt%' as is_qt,
        lower(e.term) like '%neuropath%' as is_nerve,
        e.grade >= 3 and (l.started_on is null or e.started_on >= l.started_on) as is_severe_now
    from usable_adverse_event as e
    inner join usable_patient as p on e.patient_id = p.patient_id
    left join latest_line as l on e.patient_id = l.patient_id
    where e.started_on is null or e.started_on <= p.observed_until
),
-- A grade 1 of the lung is seen on imaging alone (CTCAE v5); one without a grade may be more.
judged as (
    select
        *,
        case
            when is_lung and grade = 1 then 'LIMITING_LUNG_IMAGING'
            when is_lung then 'LIMITING_LUNG'
            when is_qt then 'LIMITING_QT'
            when is_nerve then 'LIMITING_NEUROPATHY'
            when is_severe_now then 'LIMITING_SEVERE'
        end as rule
    from event
),
ranked as (
    select
        *,
        row_number() over (
            partition by patient_id, term
            order by grade desc nulls last, started_on desc nulls last, row_key nulls last
        ) as place,
        count(*) over (partition by patient_id, term) as n_events
    from judged
    where rule is not null
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(term as varchar) as term,
        cast(grade as integer) as grade,
        cast(started_on as date) as started_on,
        cast(started_on_precision as varchar) as started_on_precision,
        cast(ended_on as date) as ended_on,
        cast(ended_on_precision as varchar) as ended_on_precision,
        cast(related_to as varchar) as related_to,
        cast(n_events as integer) as n_events,
        cast(rule as varchar) as rule,
        cast('adverse_event' as varchar) as source_table,
        cast(row_key as varchar) as source_key
    from ranked
    where place = 1
)
select * from final
