-- One row per patient and statement of the patient page: what its ctDNA result rests on and compares with.
-- What a count of new variants leaves out is said beside it (docs/decisions 0009).
with caution as (
    select
        used.statement, basis.patient_id, basis.source_key, basis.origin_rule, basis.level_rule, basis.loq_rule,
        basis.next_rule, basis.next_on, basis.changed_on, basis.other_origin, basis.others_maf_ppm, basis.level_variant
    from ctdna_basis as basis
    cross join (values ('CTDNA_STATE'), ('MOLECULAR_PROGRESSION'), ('LEAD_TIME'), ('AGREEMENT')) as used (statement)
),
-- A status that reaches over a change of assay says so (docs/decisions 0027).
named as (
    select
        *, gene || ' ' || replace(variant, 'p.', '') || case when is_across_assays then ' (other assay)' else '' end as name
    from variant_course
),
new_variant as (
    select
        patient_id, reference, is_possible_germline,
        case when is_possible_chip or is_possible_germline then name end as left_out
    from named
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
looked as (
    select
        own.patient_id, own.gene, own.variant, own.outcome, level.status,
        row_number() over (
            partition by own.patient_id, own.gene, own.variant order by own.draw_no desc nulls last
        ) as from_last
    from variant_sample as own
    inner join ctdna_level as level on own.sample_id = level.sample_id
    where own.outcome <> 'NOT_COVERED'
),
-- Beside the state what its level may not show: variants of the tumour, amplifications too, that came back, are new or, of
-- those followed, detected for the first time at that draw. Where the whole result came back or is new the state says so.
came as (
    select
        course.patient_id, max(course.latest_on) as latest_on,
        array_to_string(list_sort(list(distinct case
            when
                course.status = 'AGAIN' and before.outcome = 'ABSENT'
                and not (state.state = 'REDETECTED' and before.status = 'not_detected')
                then course.name
        end)), ', ') as again,
        array_to_string(list_sort(list(distinct case
            when course.status = 'NEW' and course.first_detected_on = course.latest_on then course.name
        end)), ', ') as new_now,
        array_to_string(list_sort(list(distinct case
            when course.status = 'NOW' and course.first_detected_on = course.latest_on then course.name
        end)), ', ') as first_now
    from named as course
    inner join ctdna_state as state
        on course.patient_id = state.patient_id and state.is_latest and state.state <> 'NEWLY_DETECTED'
    left join looked as before
        on
            course.patient_id = before.patient_id and course.gene = before.gene and course.variant = before.variant
            and before.from_last = 2
    where not course.is_possible_chip and not course.is_possible_germline
    group by course.patient_id
),
-- States that compare two levels of which one variant is the highest MAF in both.
of_one_variant as (
    select distinct said.patient_id, said.rule
    from patient_statement as said
    inner join ctdna_level as own on said.source_table = own.source_table and said.source_key = own.source_key
    inner join ctdna_level as other
        on said.other_source_table = other.source_table and said.other_source_key = other.source_key
    inner join variant_sample as highest on own.sample_id = highest.sample_id and own.level_sum = highest.maf_ppm
    inner join variant_sample as other_highest
        on
            other.sample_id = other_highest.sample_id and other.level_sum = other_highest.maf_ppm
            and highest.gene = other_highest.gene and highest.variant = other_highest.variant
    where said.statement = 'CTDNA_STATE'
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
        -- The two highest MAF that a state compares may be of different variants. Where the present one may not be of
        -- the tumour, that is said.
        cast(
            case
                when
                    said.statement <> 'CTDNA_STATE' or caution.origin_rule is not null or caution.level_rule is not null
                    or of_one_variant.patient_id is not null or caution.level_variant is null or then_basis.level_variant is null
                    then null
                when said.rule in ('STATE_PERSISTENT_FALLING', 'STATE_PERSISTENT_STABLE') then 'BASIS_LEVEL_VARIANT_REFERENCE'
                else 'BASIS_LEVEL_VARIANT'
            end as varchar
        ) as variant_rule,
        cast(caution.level_variant as varchar) as level_variant,
        cast(then_basis.level_variant as varchar) as other_level_variant,
        cast(caution.loq_rule as varchar) as loq_rule,
        cast(caution.next_rule as varchar) as next_rule,
        cast(caution.next_on as date) as next_on,
        cast(caution.changed_on as date) as changed_on,
        cast(coalesce(caution.other_origin, left_out.other_origin) as varchar) as other_origin,
        cast(caution.others_maf_ppm as decimal(10, 3)) as others_maf_ppm,
        cast(
            case when came.again <> '' and said.statement = 'CTDNA_STATE' then 'BASIS_AGAIN' end as varchar
        ) as again_rule,
        cast(nullif(came.again, '') as varchar) as again,
        cast(
            case
                when coalesce(came.new_now, '') = '' then null
                when said.statement = 'LEAD_TIME' then 'BASIS_NEW_NO_PROGRESSION'
                else 'BASIS_NEW'
            end as varchar
        ) as new_rule,
        cast(nullif(came.new_now, '') as varchar) as new_now,
        cast(
            case when came.first_now <> '' and said.statement = 'CTDNA_STATE' then 'BASIS_NOW' end as varchar
        ) as now_rule,
        cast(nullif(came.first_now, '') as varchar) as first_now,
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
    -- No progression up to a sample does not say that nothing was new in it.
    left join came
        on
            said.patient_id = came.patient_id
            and (said.statement = 'CTDNA_STATE' or (said.rule like 'LEAD_IMAGING_ONLY%' and said.day_on = came.latest_on))
    left join ctdna_basis as then_basis
        on
            said.patient_id = then_basis.patient_id and said.statement = 'CTDNA_STATE'
            and said.other_source_table = then_basis.source_table and said.other_source_key = then_basis.source_key
    left join of_one_variant on said.patient_id = of_one_variant.patient_id and said.rule = of_one_variant.rule
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
