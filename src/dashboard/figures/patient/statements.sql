-- One row per statement of the patient, with what it rests on.
with withdrawn as (
    select count(*) as n from patient_summary where patient_id = $patient_id and is_withdrawn
),
issue as (
    select
        patient_id, 'UNKNOWN' as kind, 'DATA_ISSUES' as statement, cast(80 as integer) as place,
        case when count(*) = 1 then 'DATA_ISSUE' else 'DATA_ISSUES' end
        -- Nothing is asked of the site after a withdrawal of consent (clinical-decisions A23).
        || case when max(withdrawn.n) > 0 then '_WITHDRAWN' else '' end as rule, count(*) as n,
        arg_min(table_name, (table_name, row_key)) as source_table,
        arg_min(row_key, (table_name, row_key)) as source_key,
        arg_max(table_name, (table_name, row_key)) as other_source_table,
        arg_max(row_key, (table_name, row_key)) as other_source_key
    from data_issue
    cross join withdrawn
    where patient_id = $patient_id and issue_group <> 'for_information' and not is_systematic
    group by patient_id
),
statement as (
    select * from patient_statement where patient_id = $patient_id
    union all by name
    select * from issue
)
select
    statement.*, basis.origin_rule, basis.level_rule, basis.loq_rule, basis.next_rule, basis.next_on, basis.changed_on,
    basis.other_origin, basis.others_maf_ppm, basis.reference, basis.other_lod_ppm, basis.draw_rule,
    basis.variant_rule, basis.level_variant, basis.other_level_variant,
    basis.again_rule, basis.again, basis.new_rule, basis.new_now, basis.now_rule, basis.first_now,
    basis.is_after_line, basis.over_on, basis.over_status, basis.over_level_sum, basis.over_level_n,
    basis.over_quantity_kind, basis.over_line, basis.is_over_after_line
from statement
left join patient_statement_basis as basis
    on
        basis.patient_id = $patient_id
        and statement.kind = basis.kind and statement.rule = basis.rule
order by statement.kind, statement.place, statement.rule
