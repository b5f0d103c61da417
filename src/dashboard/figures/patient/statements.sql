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
),
-- What a statement about a result rests on, and what a count of new variants leaves out (docs/decisions 0009).
caution as (
    select
        used.statement, basis.source_key, basis.origin_rule, basis.level_rule, basis.loq_rule,
        basis.next_rule, basis.next_on, basis.other_origin, basis.others_maf_ppm
    from ctdna_basis as basis
    cross join (values ('CTDNA_STATE'), ('MOLECULAR_PROGRESSION'), ('LEAD_TIME'), ('AGREEMENT')) as used (statement)
    where basis.patient_id = $patient_id
    union all by name
    select
        'NEW_VARIANT' as statement,
        case when bool_or(is_possible_germline) then 'NEW_LEFT_OUT_ORIGIN' else 'NEW_LEFT_OUT_CHIP' end as origin_rule,
        string_agg(
            distinct gene || ' ' || replace(variant, 'p.', ''), ', ' order by gene || ' ' || replace(variant, 'p.', '')
        ) as other_origin
    from variant_course
    where patient_id = $patient_id and status = 'NEW' and (is_possible_chip or is_possible_germline)
    group by patient_id
),
-- What a state or a new variant compares with.
reference as (
    select 'CTDNA_STATE' as statement, reference
    from ctdna_state
    where patient_id = $patient_id and is_latest
    union all
    select 'NEW_VARIANT', min(reference)
    from variant_course
    where patient_id = $patient_id and status = 'NEW'
)
select
    statement.*, caution.origin_rule, caution.level_rule, caution.loq_rule, caution.next_rule, caution.next_on,
    caution.other_origin, caution.others_maf_ppm, reference.reference, other.lod_ppm as other_lod_ppm,
    case drawn.reason
        when 'suspected_progression' then 'BASIS_DRAWN_FOR_SUSPICION' when 'at_progression' then 'BASIS_DRAWN_AT_PROGRESSION'
    end as draw_rule,
    study.pairing_days, study.falling_numerator, study.falling_denominator,
    study.rising_factor, study.sustained_days, study.imaging_overdue_days, study.response_entry_days,
    study.line_combination_days, study.contact_stale_on_treatment_days, study.contact_stale_off_treatment_days
from statement
cross join study
left join caution
    on
        statement.statement = caution.statement and statement.source_table = 'ctdna_sample'
        and (statement.source_key = caution.source_key or caution.source_key is null)
left join reference on statement.statement = reference.statement
left join ctdna_level as other
    on
        statement.other_source_table = other.source_table and statement.other_source_key = other.source_key
        and other.patient_id = $patient_id
-- Why the blood of a molecular progression was drawn (clinical-decisions A11).
left join usable_ctdna_sample as drawn
    on
        statement.statement in ('LEAD_TIME', 'MOLECULAR_PROGRESSION') and statement.source_table = 'ctdna_sample'
        and drawn.patient_id = $patient_id and statement.source_key = drawn.row_key
order by statement.kind, statement.place, statement.rule
