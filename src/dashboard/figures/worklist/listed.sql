-- One row per patient, reason to look and record it rests on, at the window asked for (none: the study's own).
-- Number 9 has every watched variant: whether one is new is asked of the reviews.
select
    reason_to_look.*,
    patient_summary.tumour_type,
    patient_summary.current_line,
    patient_summary.day_of_line,
    patient_summary.is_line_ongoing,
    patient_summary.last_response,
    patient_summary.last_scan_on,
    patient_summary.line_started_on,
    patient_summary.last_seen_on,
    silence.is_silent,
    -- Number 12: the progression that number 1 leaves to it; a decision may have answered it.
    case
        when reason_to_look.reason_no = 12 and patient.progressed_on <= reason_to_look.occurred_on
            then patient.progressed_on
    end as progressed_on,
    progressed.precise_to as progressed_precision,
    coalesce(basis.origin_rule, basis.level_rule) as origin_rule,
    level.lod_ppm
from reason_to_look
inner join patient_summary on reason_to_look.patient_id = patient_summary.patient_id
inner join reason_to_look_patient as patient on reason_to_look.patient_id = patient.patient_id
left join partial_day as progressed
    on
        progressed.subject = 'response' and reason_to_look.reason_no = 12
        and patient.patient_id = progressed.patient_id and patient.progressed_on = progressed.day_on
left join ctdna_basis as basis
    on
        reason_to_look.reason_no in (2, 3, 5)
        and reason_to_look.patient_id = basis.patient_id
        and reason_to_look.source_key = basis.source_key
left join ctdna_level as level
    on
        reason_to_look.reason_no = 3
        and reason_to_look.patient_id = level.patient_id
        and reason_to_look.source_key = level.source_key
left join patient_silence as silence on reason_to_look.patient_id = silence.patient_id
where
    reason_to_look.reason_no = 9
    or case
        when reason_to_look.window_rule is null or cast($window_days as integer) is null then reason_to_look.is_met
        when reason_to_look.window_rule = 'WITHIN' then reason_to_look.gap_days <= cast($window_days as integer)
        else coalesce(reason_to_look.gap_days > cast($window_days as integer), true)
    end
order by
    reason_to_look.patient_id,
    reason_to_look.reason_no,
    reason_to_look.occurred_on desc,
    reason_to_look.source_key
