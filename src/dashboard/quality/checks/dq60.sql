-- One row per systemic course after local treatment without the reason that started it, and per reported start of systemic
-- therapy without such a course (studies that count from local treatment).
with local_start as (
    select local_course.patient_id, min(local_course.started_on) as started_on
    from local_course
    inner join study on study.index_origin = 'local_therapy'
    group by local_course.patient_id
),

systemic as (
    select course.*
    from systemic_course as course
    inner join local_start on course.patient_id = local_start.patient_id and course.started_on > local_start.started_on
)

select
    source_table as table_name,
    source_key as row_key,
    'start_reason' as column_name,
    patient_id,
    coalesce(regimen, agents) || ' from ' || cast(started_on as varchar) || ', no reason' as value_text
from systemic
where coalesce(start_reason, 'unknown') = 'unknown'
union all
select
    'reported_outcome', outcome.row_key, 'event_observed', outcome.patient_id,
    outcome.outcome || ' reported, no systemic treatment recorded'
from reported_outcome as outcome
inner join local_start on outcome.patient_id = local_start.patient_id
left join systemic on outcome.patient_id = systemic.patient_id
where outcome.outcome = 'TTST' and outcome.event_observed and systemic.patient_id is null
