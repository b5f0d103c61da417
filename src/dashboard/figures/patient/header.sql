-- One row: the summary of the patient, what the last two ctDNA results rest on, and the number of open data issues.
with draw as (
    select
        sample_id, quantity_kind, level_metric, lod_ppm,
        row_number() over (order by draw_no desc nulls last) as place
    from ctdna_level
    where patient_id = $patient_id and is_valid
)

select
    summary.*,
    last_draw.level_metric as last_level_metric,
    on_line.course as ctdna_line_course,
    on_line.falling_days as ctdna_falling_days,
    on_line.lowest_line as ctdna_lowest_line,
    on_line.line as ctdna_line,
    on_line.is_after_line as ctdna_is_after_line,
    study.rising_factor,
    said.other_level_sum as ctdna_lowest_level_sum,
    said.other_level_n as ctdna_lowest_level_n,
    said_on.other_lod_ppm as ctdna_lowest_lod_ppm,
    previous_draw.quantity_kind as previous_quantity_kind,
    previous_draw.level_metric as previous_level_metric,
    previous_draw.lod_ppm as previous_lod_ppm,
    state.reference as ctdna_reference,
    basis.origin_rule as last_origin_rule,
    line.start_reason as line_start_reason,
    case when silence.is_silent then silence.n_days end as silent_days,
    (select count(*) from patient_statement where patient_id = $patient_id and kind = 'UNKNOWN') as n_not_known,
    (
        select count(*) from data_issue
        where patient_id = $patient_id and issue_group <> 'for_information' and not is_systematic
    ) as n_data_issues,
    summary.withdrew_on is not null as is_withdrawn
from patient_summary as summary
cross join study
left join draw as last_draw on last_draw.place = 1
left join draw as previous_draw on previous_draw.place = 2
left join ctdna_line_level as on_line on on_line.patient_id = $patient_id and last_draw.sample_id = on_line.sample_id
-- Of a rise what it is over, as the first statement names it.
left join patient_statement as said
    on said.patient_id = $patient_id and said.statement = 'CTDNA_STATE' and summary.ctdna_direction = 'RISING'
left join patient_statement_basis as said_on
    on said_on.patient_id = $patient_id and said.kind = said_on.kind and said.rule = said_on.rule
left join ctdna_state as state on state.patient_id = $patient_id and state.is_latest
left join ctdna_basis as basis on basis.patient_id = $patient_id and summary.last_sample_id = basis.sample_id
left join line_of_therapy as line on line.patient_id = $patient_id and summary.current_line = line.line
left join patient_silence as silence on silence.patient_id = $patient_id
where summary.patient_id = $patient_id
