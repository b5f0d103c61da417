-- One row per patient, item and event whose record should be complete: responses, results, reasons, outcomes, last contact.
with patient as (
    select
        summary.patient_id, summary.observed_until, summary.last_seen_on, summary.source_key, summary.enrolled_on,
        summary.silent_after_days,
        case
            when study.index_origin = 'local_therapy' then summary.first_local_on
            else coalesce(index_line.started_on, first_line.started_on)
        end as treated_on,
        study.scan_baseline_to_day, study.response_entry_days, study.record_entry_days, study.closing_soon_days,
        study.result_pending_working_days
    from patient_summary as summary
    cross join study
    left join line_of_therapy as first_line on summary.patient_id = first_line.patient_id and first_line.line = 1
    left join line_of_therapy as index_line
        on summary.patient_id = index_line.patient_id and summary.index_line = index_line.line
),

answered as (
    select scan.row_key, min(overall.assessed_on) as assessed_on
    from usable_imaging as scan
    inner join patient on scan.patient_id = patient.patient_id
    inner join overall_response as overall
        on
            scan.patient_id = overall.patient_id
            and (overall.response is not null or overall.is_baseline)
            and date_diff('day', scan.imaged_on, overall.assessed_on) <= patient.response_entry_days
            and date_diff('day', scan.imaged_on, overall.assessed_on) >= -patient.response_entry_days
    group by scan.row_key
),

-- The baseline of a later line answers to no line: not to its own, and not to the one before once that has progressed.
-- A scan before the new line began that may be the first to show the progression owes its response.
baseline_scan as (
    select distinct baseline.patient_id, baseline.baseline_on
    from line_baseline as baseline
    left join line_progression as progression
        on baseline.patient_id = progression.patient_id and baseline.line = progression.line + 1
    where
        baseline.kind = 'OWN' and baseline.line > 1
        and (baseline.baseline_on >= baseline.started_on or progression.progressed_on < baseline.baseline_on)
),

-- Scans after enrolment and the first treatment that show target lesions: what was done before a patient joined is
-- history and owed by nobody; without that date it cannot be told. Modalities as in the statements of a patient.
scan as (
    select
        imaging.patient_id, imaging.imaged_on, imaging.modality, imaging.row_key, answered.assessed_on,
        patient.response_entry_days, patient.enrolled_on
    from usable_imaging as imaging
    inner join patient on imaging.patient_id = patient.patient_id
    left join answered on imaging.row_key = answered.row_key
    left join baseline_scan
        on imaging.patient_id = baseline_scan.patient_id and imaging.imaged_on = baseline_scan.baseline_on
    where
        imaging.modality in ('ct', 'pet_ct', 'unknown') and imaging.imaged_on <= patient.observed_until
        and date_diff('day', patient.treated_on, imaging.imaged_on) > patient.scan_baseline_to_day
        and coalesce(imaging.imaged_on >= patient.enrolled_on, true)
        and (answered.assessed_on is not null or baseline_scan.patient_id is null)
),

-- Monday to Friday, the day of the draw not counted, holidays not left out; 3 January 1600 was a Monday.
taken_draw as (
    select
        level.patient_id, level.sample_id, level.draw, level.collected_on, level.reported_on, level.status, level.reason,
        level.source_table, level.source_key, coalesce(report.report_version > 1, false) as is_amended,
        patient.record_entry_days, patient.result_pending_working_days,
        date_diff('day', cast('1600-01-03' as date), level.collected_on) as day_no
    from ctdna_level as level
    inner join patient on level.patient_id = patient.patient_id
    left join usable_ctdna_sample as report on level.source_key = report.row_key
    where level.draw_no is not null
),

draw_week as (
    select
        taken_draw.*, day_no - 7 * (day_no // 7) as weekday_no,
        case when day_no - 7 * (day_no // 7) < 5 then day_no - 7 * (day_no // 7) else 4 end
        + result_pending_working_days as working_day_no
    from taken_draw
),

result_due as (
    select
        draw_week.*,
        collected_on + cast(
            7 * (working_day_no // 5) + working_day_no - 5 * (working_day_no // 5) - weekday_no as integer
        ) as due_on,
        -- A result due on a Friday is late from Monday on.
        case when working_day_no - 5 * (working_day_no // 5) = 4 then 2 else 0 end as weekend_days
    from draw_week
),

course as (
    select
        episode.patient_id, episode.label, episode.line, episode.started_on, episode.ended_on,
        coalesce(episode.is_ongoing, false) as is_ongoing, episode.start_reason, episode.stop_reason,
        episode.source_table, episode.source_key, patient.record_entry_days, patient.observed_until
    from treatment_episode as episode
    inner join patient on episode.patient_id = patient.patient_id
    where
        episode.kind = 'systemic' and episode.part_of is null and episode.line is not null
        and episode.started_on <= patient.observed_until
),

linked as (
    select link.patient_id, link.laboratory_id, link.draw, link.row_key
    from usable_sample_link as link
    inner join patient on link.patient_id = patient.patient_id
    left join usable_ctdna_sample as tube on link.laboratory_id = tube.laboratory_id
    where tube.laboratory_id is null
),

contact_plan as (
    select
        1 as place, max(label) as label, max(repeat_days) as repeat_days, max(coalesce(window_days, 0)) as window_days
    from visit_plan where kind = 'contact'
),

record as (
    select
        patient_id, 'response' as item, row_key as record_key,
        'Response to ' || case modality when 'ct' then 'CT' when 'pet_ct' then 'PET-CT' else 'imaging' end as label,
        cast(null as integer) as line, case when enrolled_on is null then 'NO_DATE' else 'DATED' end as clock,
        imaged_on as opens_on,
        imaged_on + cast(response_entry_days as integer) as due_on,
        imaged_on + cast(response_entry_days as integer) as closes_on, assessed_on as done_on,
        assessed_on is not null as is_done, 'imaging' as source_table, row_key as source_key
    from scan
    union all
    select
        patient_id, 'ctdna_result', source_key, coalesce(draw, 'ctDNA result'), null, 'DATED', collected_on, due_on,
        due_on + cast(weekend_days as integer), case when status <> 'pending' and not is_amended then reported_on end,
        status <> 'pending', source_table, source_key
    from result_due
    union all
    -- A result that waits on a draw without a date.
    select
        undated.patient_id, 'ctdna_result', undated.row_key, coalesce(undated.draw, 'ctDNA result'), null, 'NO_DATE', null,
        null, null, null, false, 'ctdna_sample', undated.row_key
    from usable_ctdna_sample as undated
    where undated.status = 'pending' and undated.collected_on is null and undated.patient_id is not null
    union all
    select
        patient_id, 'draw_reason', source_key, coalesce(draw, 'Blood draw'), null, 'DATED', collected_on,
        collected_on + cast(record_entry_days as integer), collected_on + cast(record_entry_days as integer), null,
        reason is not null, source_table, source_key
    from taken_draw
    union all
    select
        patient_id, 'start_reason', source_key, label, line, 'DATED', started_on,
        started_on + cast(record_entry_days as integer), started_on + cast(record_entry_days as integer), null,
        start_reason is not null, source_table, source_key
    from course
    union all
    select
        patient_id, 'stop_reason', source_key, label, line, 'DATED', ended_on,
        ended_on + cast(record_entry_days as integer), ended_on + cast(record_entry_days as integer), null,
        stop_reason is not null, source_table, source_key
    from course
    where ended_on <= observed_until and not is_ongoing
    union all
    select
        event.patient_id, 'sae_outcome', event.row_key, event.term, null,
        case when event.started_on is null then 'NO_DATE' else 'DATED' end, event.started_on,
        event.started_on + cast(patient.record_entry_days as integer),
        -- The end of an event is not the day its outcome was recorded, and no column has that day.
        event.started_on + cast(patient.record_entry_days as integer), null,
        coalesce(event.outcome not in ('recovering', 'unknown'), false) or event.ended_on is not null,
        'adverse_event', event.row_key
    from usable_adverse_event as event
    inner join patient on event.patient_id = patient.patient_id
    where event.is_serious and coalesce(event.started_on <= patient.observed_until, true)
    union all
    select
        patient_id, 'laboratory_result', row_key, coalesce(draw, laboratory_id), null, 'NO_DATE', null, null, null, null,
        false, 'sample_link', row_key
    from linked
    union all
    select
        patient.patient_id, 'vital_status', 'last contact', coalesce(contact_plan.label, 'Survival status'), null,
        case when patient.last_seen_on is null then 'NO_DATE' else 'DATED' end,
        case
            when contact_plan.repeat_days is not null
                then patient.last_seen_on + cast(contact_plan.repeat_days - contact_plan.window_days as integer)
            else patient.last_seen_on + cast(patient.silent_after_days - patient.closing_soon_days as integer)
        end,
        patient.last_seen_on + cast(patient.silent_after_days as integer),
        patient.last_seen_on + cast(patient.silent_after_days as integer), null, false, 'patient', patient.source_key
    from patient
    cross join contact_plan
),

gathered as (
    select
        record.*, patient.observed_until, patient.closing_soon_days, patient.last_seen_on, off.reason, off.happened_on,
        off.off_on, amended.is_amended, amended.reported_on as amended_on
    from record
    inner join patient on record.patient_id = patient.patient_id
    -- The last version is loaded: the day of the first is not known, and a correction makes nothing late.
    left join taken_draw as amended
        on
            record.patient_id = amended.patient_id and record.source_key = amended.source_key
            and record.item = 'ctdna_result' and record.is_done and amended.is_amended
    left join follow_up_off as off
        on
            record.patient_id = off.patient_id
            and off.kind = case when record.item = 'vital_status' then 'contact' else 'record' end
),

stated as (
    select
        gathered.*,
        case
            when is_done and coalesce(done_on, closes_on) <= closes_on then 'DONE_IN_WINDOW'
            when is_done then 'DONE_OUTSIDE_WINDOW'
            when off_on is not null then 'NOT_EXPECTED'
            when clock = 'NO_DATE' then 'CANNOT_TELL'
            when observed_until > closes_on then 'OVERDUE'
            when observed_until < opens_on then 'NOT_YET_DUE'
            when date_diff('day', observed_until, closes_on) <= closing_soon_days then 'CLOSES_SOON'
            else 'DUE_NOW'
        end as state
    from gathered
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(item as varchar) as item,
        cast(
            row_number() over (
                partition by patient_id, item order by opens_on nulls last, record_key nulls last
            ) as integer
        ) as occurrence,
        cast(label as varchar) as label,
        cast(line as integer) as line,
        cast(state as varchar) as state,
        cast(case when state <> 'CANNOT_TELL' then due_on end as date) as due_on,
        cast(opens_on as date) as opens_on,
        cast(case when state <> 'CANNOT_TELL' then closes_on end as date) as closes_on,
        cast(case when is_done then done_on end as date) as done_on,
        cast(
            case
                when state = 'DONE_IN_WINDOW' then 0
                when state = 'DONE_OUTSIDE_WINDOW' then date_diff('day', closes_on, done_on)
            end as integer
        ) as days_outside,
        cast(case when state = 'OVERDUE' then date_diff('day', closes_on, observed_until) end as integer) as days_late,
        cast(case when state = 'NOT_EXPECTED' then reason end as varchar) as reason,
        cast(case when is_amended then amended_on when state = 'NOT_EXPECTED' then happened_on end as date) as reason_on,
        cast(
            case
                when state <> 'CANNOT_TELL' then null
                when item = 'response' then 'enrolment'
                when item in ('ctdna_result', 'laboratory_result') then 'draw'
                when item = 'vital_status' then 'last contact'
                else 'start of the event'
            end as varchar
        ) as missing_date,
        cast(case when item = 'vital_status' then last_seen_on end as date) as last_done_on,
        cast(observed_until as date) as observed_until,
        cast(
            case
                when is_amended then 'FOLLOW_UP_AMENDED'
                when is_done and done_on is null then 'FOLLOW_UP_RECORDED_UNDATED'
                when is_done then 'FOLLOW_UP_RECORDED'
                when state = 'NOT_EXPECTED' then 'FOLLOW_UP_' || reason
                when state = 'CANNOT_TELL' then 'FOLLOW_UP_CANNOT_TELL'
                when state = 'NOT_YET_DUE' then 'FOLLOW_UP_NOT_YET_DUE'
                else 'FOLLOW_UP_' || upper(item)
            end as varchar
        ) as rule,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from stated
)

select * from final
