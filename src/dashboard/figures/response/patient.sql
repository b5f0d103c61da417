-- One row per patient of the cohort: the line asked for, its baseline, best responses and duration of response.
-- Without a line asked for it is the line at enrolment, after local therapy line 0 (from the first treatment);
-- in a study that records no treatment the only line. `started_on` is empty for who did not start it.
-- `is_for_later_line`: a line was asked for, and the line at enrolment is a later one.
with cohort as (
    select patient_id, enrolled_on from usable_patient where enrolled_on is not null /* and cohort */
),

treated as (
    select count(*) as n_lines from line_of_therapy
),

asked as (
    select
        patient_summary.patient_id, cohort.enrolled_on, patient_summary.vital_status, patient_summary.died_on,
        patient_summary.last_seen_on, patient_summary.is_followed, patient_summary.departure,
        patient_summary.current_line, patient_summary.is_line_ongoing, treated.n_lines,
        coalesce(patient_summary.index_line > cast($line as integer), false) as is_for_later_line,
        coalesce(
            cast($line as integer),
            case when study.index_origin = 'local_therapy' then 0 when treated.n_lines = 0 then 1 end,
            patient_summary.index_line
        ) as line
    from cohort
    inner join patient_summary on cohort.patient_id = patient_summary.patient_id
    cross join study
    cross join treated
),

started as (
    select
        line_baseline.patient_id, line_baseline.line, line_baseline.started_on, line_baseline.next_started_on,
        line_baseline.named_on as baseline_on, line_baseline.is_measurable, line_of_therapy.regimen,
        line_of_therapy.ended_on, line_of_therapy.is_ongoing, line_of_therapy.is_after_induction
    from asked
    inner join line_baseline on asked.patient_id = line_baseline.patient_id and asked.line = line_baseline.line
    left join line_of_therapy on asked.patient_id = line_of_therapy.patient_id and asked.line = line_of_therapy.line
    where line_baseline.line = 0 or line_of_therapy.patient_id is not null or asked.n_lines = 0
),

best as (
    select
        best_response.patient_id,
        max(best_response.response) filter (best_response.setting_id = $headline) as response,
        max(best_response.objective_response_on) filter (best_response.setting_id = $headline)
            as objective_response_on,
        max(best_response.last_scan_on) filter (best_response.setting_id = $headline) as last_scan_on,
        max(best_response.response) filter (best_response.setting_id = cast($confirmed as varchar)) as confirmed,
        max(best_response.response) filter (best_response.setting_id = cast($benefit as varchar)) as benefit,
        max(best_response.response) filter (best_response.setting_id = cast($calculated as varchar)) as calculated,
        max(best_response.response) filter (best_response.setting_id = cast($else_calculated as varchar))
            as else_calculated
    from best_response
    inner join started on best_response.patient_id = started.patient_id and best_response.line = started.line
    group by best_response.patient_id
),

-- The first scan the plan asks for on the line; the patient's own departure may come before it.
first_scan as (
    select patient_id, coalesce(line, 0) as line, closes_on + grace_days as first_scan_until, off_on as no_scan_from
    from planned_window
    where kind = 'imaging' and is_first_of_line
),

lasting as (
    select time_to_event.patient_id, time_to_event.status, time_to_event.duration_days, time_to_event.entry_days
    from time_to_event
    inner join started on time_to_event.patient_id = started.patient_id and time_to_event.line = started.line
    where
        time_to_event.endpoint_id = cast($duration as varchar)
),

final as (
    select
        asked.patient_id, asked.enrolled_on, started.line, started.started_on, started.next_started_on, started.baseline_on,
        started.is_measurable, started.regimen, started.ended_on, started.is_ongoing, asked.vital_status, asked.died_on,
        asked.last_seen_on, asked.is_followed, asked.departure, asked.is_for_later_line,
        coalesce(started.is_after_induction, false) as is_after_induction,
        coalesce(asked.is_line_ongoing and asked.current_line > started.line, false) as is_later_ongoing,
        best.response, best.objective_response_on, best.confirmed, best.benefit, best.calculated, best.else_calculated,
        first_scan.first_scan_until, first_scan.no_scan_from, best.last_scan_on, lasting.status as duration_status,
        lasting.duration_days, lasting.entry_days
    from asked
    left join started on asked.patient_id = started.patient_id
    left join best on asked.patient_id = best.patient_id
    left join first_scan on started.patient_id = first_scan.patient_id and started.line = first_scan.line
    left join lasting on asked.patient_id = lasting.patient_id
)

select * from final order by patient_id
