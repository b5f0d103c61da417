-- One row per line of therapy of the patient, with its drugs in the order they were given, its best response, what
-- was called at the scans after its baseline, and how it ended; the first line first.
with progression as (
    select line, min(occurred_on) as progressed_on
    from milestone
    where patient_id = $patient_id and kind in ('radiological_progression', 'clinical_progression')
    group by line
),
baseline as (
    select line, baseline_on from line_baseline where patient_id = $patient_id and line > 0
),
-- After local treatment the baseline scan of a line may have a status of its own (clinical-decisions A5).
assessment as (
    select milestone.line, max(milestone.occurred_on) as assessed_on
    from milestone
    left join baseline on milestone.line = baseline.line
    where
        milestone.patient_id = $patient_id and milestone.kind = 'adequate_assessment'
        and (baseline.baseline_on is null or milestone.occurred_on > baseline.baseline_on)
    group by milestone.line
),
-- Every response to the line counts for its patient, of several assessors the study's (overall_response.response).
scan as (
    select
        overall.line, overall.assessed_on, overall.response,
        coalesce(overall.first_called_on, overall.assessed_on) as called_on
    from overall_response as overall
    left join baseline on overall.line = baseline.line
    where
        overall.patient_id = $patient_id and overall.basis = 'imaging'
        and (baseline.baseline_on is null or overall.assessed_on > baseline.baseline_on)
),
response as (
    select line, response, count(distinct assessed_on) as n, min(assessed_on) as first_on
    from scan
    where response is not null
    group by line, response
),
called as (
    select line, string_agg(cast(n as varchar) || ' ' || response, ', ' order by first_on, response) as called
    from response
    group by line
),
scanned as (
    select
        line, count(distinct case when response is not null then assessed_on end) as n_called,
        min(case when response = 'PD' then called_on end) as called_on
    from scan
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
    coalesce(carried.n_pd, 0) as n_pd, called.called, coalesce(scanned.n_called, 0) as n_called, scanned.called_on,
    -- Imaging nobody has assessed is no reason to say that there was no scan.
    case
        when
            scanned.line is null
            and (summary.last_imaging_on is null or summary.last_imaging_on <= baseline.baseline_on)
            then baseline.baseline_on
    end as only_baseline_on,
    coalesce(line.is_ongoing, false) and summary.vital_status not in ('dead', 'withdrawn', 'lost') as may_follow,
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
left join baseline on line.line = baseline.line
left join called on line.line = called.line
left join scanned on line.line = scanned.line
left join best_response as best
    on line.patient_id = best.patient_id and line.line = best.line and best.setting_id = $setting
where line.patient_id = $patient_id
order by line.line
