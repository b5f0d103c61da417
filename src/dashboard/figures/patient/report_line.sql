-- One row per line of therapy of the patient, with its drugs in the order they were given, its best response and
-- how it ended; the first line first.
with progression as (
    select line, min(occurred_on) as progressed_on
    from milestone
    where patient_id = $patient_id and kind in ('radiological_progression', 'clinical_progression')
    group by line
),
assessment as (
    select line, max(occurred_on) as assessed_on
    from milestone
    where patient_id = $patient_id and kind = 'adequate_assessment'
    group by line
),
carried as (
    select line, count(*) as n_pd
    from overall_response
    where patient_id = $patient_id and response = 'PD'
    group by line
),
given as (
    select line, label, min(started_on) as started_on
    from treatment_episode
    where
        patient_id = $patient_id and kind = 'systemic' and line is not null and part_of is null
        and label is not null
    group by line, label
),
together as (
    select line, started_on, string_agg(label, ' + ' order by label) as labels
    from given
    group by line, started_on
),
in_order as (
    select line, string_agg(labels, ' | ' order by started_on) as regimen
    from together
    group by line
),
death as (
    select min(occurred_on) as died_on from milestone where patient_id = $patient_id and kind = 'death'
)
select
    line.line, coalesce(in_order.regimen, line.regimen) as regimen, line.started_on, coalesce(line.class_started_on, line.started_on) as origin_on,
    line.ended_on, line.is_ongoing, line.stop_reason, line.next_started_on, best.response as best_response,
    progression.progressed_on, assessment.assessed_on, death.died_on,
    coalesce(carried.n_pd, 0) as n_pd,
    case
        when
            line.is_ongoing and summary.died_on is null
            and (
                summary.withdrew_on is not null
                or summary.observed_until - summary.last_seen_on > study.contact_stale_on_treatment_days
            )
            then summary.last_seen_on
    end as last_record_on
from line_of_therapy as line
inner join patient_summary as summary on line.patient_id = summary.patient_id
cross join study
cross join death
left join in_order on line.line = in_order.line
left join progression on line.line = progression.line
left join assessment on line.line = assessment.line
left join carried on line.line = carried.line
left join best_response as best
    on line.patient_id = best.patient_id and line.line = best.line and best.setting_id = $setting
where line.patient_id = $patient_id
order by line.line
