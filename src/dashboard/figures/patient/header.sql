-- One row: the summary of the patient, what the header names beside it, and the number of open data issues.
select
    summary.*,
    beside.last_level_metric, beside.previous_quantity_kind, beside.previous_level_metric, beside.previous_lod_ppm,
    beside.ctdna_line_course, beside.ctdna_falling_days, beside.ctdna_lowest_line, beside.ctdna_line,
    beside.ctdna_is_after_line, beside.ctdna_lowest_level_sum, beside.ctdna_lowest_level_n,
    beside.ctdna_lowest_lod_ppm, beside.ctdna_reference, beside.last_origin_rule, beside.last_level_variant,
    beside.other_level_variant, beside.other_level_of, beside.line_start_reason,
    beside.line_lacks_pd_before, beside.line_response_since_pd, beside.line_response_since_pd_on,
    beside.silent_days, beside.n_not_known, study.rising_factor,
    came.label as new_variants, came_basis.reference as new_since,
    differing.reported as last_reported, differing.calculated as last_calculated,
    differing.is_from_parts as is_last_calculated_from_parts,
    (
        select count(*) from data_issue
        where patient_id = $patient_id and issue_group <> 'for_information' and not is_systematic
    ) as n_data_issues
from patient_summary as summary
cross join study
left join header_summary as beside on beside.patient_id = $patient_id
left join patient_statement as came on came.patient_id = $patient_id and came.statement = 'NEW_VARIANT'
left join patient_statement_basis as came_basis
    on came_basis.patient_id = $patient_id and came.kind = came_basis.kind and came.rule = came_basis.rule
-- What number 10 of the worklist rests on (clinical-decisions A33), at the last scan; NE judges nothing.
left join overall_response as differing
    on
        differing.patient_id = $patient_id and summary.last_scan_on = differing.assessed_on
        and summary.last_response_by = differing.response_by and summary.last_response = differing.response
        and differing.differs_in_pd and differing.calculated <> 'NE' and not coalesce(differing.is_baseline, false)
where summary.patient_id = $patient_id
