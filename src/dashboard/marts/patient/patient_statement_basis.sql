-- One row per patient and statement of the patient page: what its ctDNA result rests on and compares with.
-- What a count of new variants leaves out is said beside it (docs/decisions 0009).
with caution as (
    select
        used.statement, basis.patient_id, basis.source_key, basis.origin_rule, basis.level_rule, basis.loq_rule,
        basis.next_rule, basis.next_on, basis.changed_on, basis.other_origin, basis.others_maf_ppm
    from ctdna_basis as basis
    cross join (values ('CTDNA_STATE'), ('MOLECULAR_PROGRESSION'), ('LEAD_TIME'), ('AGREEMENT')) as used (statement)
),
new_variant as (
    select
        patient_id, reference, is_possible_germline,
        case when is_possible_chip or is_possible_germline then gene || ' ' || replace(variant, 'p.', '') end as left_out
    from variant_course
    where status = 'NEW'
),
left_out as (
    select
        patient_id,
        case
            when max(case when is_possible_germline then 1 else 0 end) = 1 then 'NEW_LEFT_OUT_ORIGIN'
            else 'NEW_LEFT_OUT_CHIP'
        end as origin_rule,
        array_to_string(list_sort(list(distinct left_out)), ', ') as other_origin
    from new_variant
    where left_out is not null
    group by patient_id
),
reference as (
    select patient_id, 'CTDNA_STATE' as statement, reference from ctdna_state where is_latest
    union all
    select patient_id, 'NEW_VARIANT' as statement, min(reference) as reference from new_variant group by patient_id
    union all
    -- Of a direction beside imaging that at the draw of the pair, which need not be the latest.
    select said.patient_id, 'AGREEMENT' as statement, state.reference
    from patient_statement as said
    inner join ctdna_level as level
        on
            said.patient_id = level.patient_id and said.source_table = level.source_table
            and said.source_key = level.source_key
    inner join ctdna_state as state on level.sample_id = state.sample_id
    where said.statement = 'AGREEMENT' and said.kind = 'SAY'
),
final as (
    select
        cast(said.patient_id as varchar) as patient_id,
        cast(said.kind as varchar) as kind,
        cast(said.rule as varchar) as rule,
        cast(coalesce(caution.origin_rule, left_out.origin_rule) as varchar) as origin_rule,
        cast(caution.level_rule as varchar) as level_rule,
        cast(caution.loq_rule as varchar) as loq_rule,
        cast(caution.next_rule as varchar) as next_rule,
        cast(caution.next_on as date) as next_on,
        cast(caution.changed_on as date) as changed_on,
        cast(coalesce(caution.other_origin, left_out.other_origin) as varchar) as other_origin,
        cast(caution.others_maf_ppm as decimal(10, 3)) as others_maf_ppm,
        cast(reference.reference as varchar) as reference,
        cast(other.lod_ppm as decimal(10, 3)) as other_lod_ppm,
        cast(on_line.is_after_line as boolean) as is_after_line,
        cast(compared.collected_on as date) as over_on,
        cast(compared.status as varchar) as over_status,
        cast(compared.level_sum as decimal(28, 12)) as over_level_sum,
        cast(compared.level_n as bigint) as over_level_n,
        cast(compared.quantity_kind as varchar) as over_quantity_kind,
        cast(on_line.over_line as integer) as over_line,
        cast(on_line.is_over_after_line as boolean) as is_over_after_line,
        -- Why the blood of a molecular progression was drawn (clinical-decisions A11).
        cast(
            case drawn.reason
                when 'suspected_progression' then 'BASIS_DRAWN_FOR_SUSPICION'
                when 'at_progression' then 'BASIS_DRAWN_AT_PROGRESSION'
            end as varchar
        ) as draw_rule,
        cast(said.source_table as varchar) as source_table,
        cast(said.source_key as varchar) as source_key
    from patient_statement as said
    left join caution
        on
            said.patient_id = caution.patient_id and said.statement = caution.statement
            and said.source_table = 'ctdna_sample' and said.source_key = caution.source_key
    left join left_out
        on
            said.patient_id = left_out.patient_id and said.statement = 'NEW_VARIANT'
            and said.source_table = 'ctdna_sample'
    left join reference on said.patient_id = reference.patient_id and said.statement = reference.statement
    left join ctdna_level as other
        on
            said.patient_id = other.patient_id and said.other_source_table = other.source_table
            and said.other_source_key = other.source_key
    left join ctdna_level as own
        on
            said.patient_id = own.patient_id and said.statement in ('AGREEMENT', 'CTDNA_STATE')
            and said.source_table = own.source_table and said.source_key = own.source_key
    left join ctdna_line_level as on_line on own.sample_id = on_line.sample_id
    left join ctdna_level as compared on on_line.over_sample_id = compared.sample_id
    left join usable_ctdna_sample as drawn
        on
            said.patient_id = drawn.patient_id and said.source_table = 'ctdna_sample'
            and said.statement in ('LEAD_TIME', 'MOLECULAR_PROGRESSION') and said.source_key = drawn.row_key
)
select * from final
