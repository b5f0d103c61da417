-- One row per serious adverse event under treatment.
with enrolled as (
    select patient_id, site_id from usable_patient where enrolled_on is not null /* and cohort */
),
drugs as (
    select patient_id, event_key, string_agg(agent, ', ' order by agent) as agents
    from adverse_event_drug
    where agent <> 'NOT_NAMED'
    group by patient_id, event_key
)
select
    t.patient_id, e.site_id, t.preferred_term, t.terms_as_written, t.grade, t.is_gradable, t.serious_criterion, t.line,
    t.started_on, t.ended_on, t.day_of_treatment, t.relatedness, d.agents, t.action_taken, t.outcome, t.rule,
    t.baseline_grade, t.days_after_last_dose
from adverse_event_term as t
inner join enrolled as e on t.patient_id = e.patient_id
left join drugs as d on t.patient_id = d.patient_id and t.event_key = d.event_key
where t.is_serious and t.is_counted
order by t.started_on desc nulls last, t.patient_id, t.event_key
