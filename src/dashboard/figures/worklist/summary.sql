-- One row per patient who may stand on the worklist: the summary, and what its dates are known to. The last draw is that of
-- a valid result, else of a pending, else of a failed one.
with summary as (
    select *, coalesce(last_draw_on, pending_draw_on, failed_draw_on) as drawn_on
    from patient_summary
    where patient_id in (select patient_id from reason_to_look_patient)
)

select
    summary.*, drawn.precise_to as drawn_precision, last_scan.precise_to as last_scan_precision,
    -- Said where the two results shown are those the state compares.
    stated.patient_id is not null and summary.is_previous_comparable and beside.last_level_variant is not null
        as is_of_different_variants
from summary
left join header_summary as beside on summary.patient_id = beside.patient_id
left join patient_statement as stated
    on
        summary.patient_id = stated.patient_id and stated.statement = 'CTDNA_STATE'
        and summary.previous_draw_on = stated.other_on
left join partial_day as drawn
    on
        drawn.subject = 'ctdna_sample' and summary.patient_id = drawn.patient_id
        and summary.drawn_on = drawn.day_on
left join partial_day as last_scan
    on
        last_scan.subject = 'response' and summary.patient_id = last_scan.patient_id
        and summary.last_scan_on = last_scan.day_on
