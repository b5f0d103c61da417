-- One row per statement of the patient, with what it rests on and the numbers of the study its sentence names.
with issue as (
    select
        patient_id, 'UNKNOWN' as kind, 'DATA_ISSUES' as statement, cast(80 as integer) as place,
        case when count(*) = 1 then 'DATA_ISSUE' else 'DATA_ISSUES' end as rule, count(*) as n,
        arg_min(table_name, (table_name, row_key)) as source_table,
        arg_min(row_key, (table_name, row_key)) as source_key,
        arg_max(table_name, (table_name, row_key)) as other_source_table,
        arg_max(row_key, (table_name, row_key)) as other_source_key
    from data_issue
    where patient_id = $patient_id and issue_group <> 'for_information' and not is_systematic
    group by patient_id
),
statement as (
    select * from patient_statement where patient_id = $patient_id
    union all by name
    select * from issue
)
select
    statement.*, basis.origin_rule, basis.level_rule, basis.loq_rule, basis.next_rule, basis.next_on,
    basis.other_origin, basis.others_maf_ppm, basis.reference, basis.other_lod_ppm, basis.draw_rule,
    study.pairing_days, study.falling_numerator, study.falling_denominator,
    study.rising_factor, study.sustained_days, study.imaging_overdue_days, study.response_entry_days,
    study.line_combination_days, study.contact_stale_on_treatment_days, study.contact_stale_off_treatment_days
from statement
cross join study
left join patient_statement_basis as basis
    on
        basis.patient_id = $patient_id
        and statement.kind = basis.kind and statement.rule = basis.rule
order by statement.kind, statement.place, statement.rule
