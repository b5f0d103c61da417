-- One row per assessable pair of samples and variant found in one of the two: acquired or not.
with pair as (
    select * from acquired_variant_pair where is_assessable
),
looked as (
    select
        pair.patient_id, pair.line, pair.baseline_no, pair.progression_no, variant_sample.gene,
        variant_sample.variant,
        max(case when variant_sample.draw_no = pair.baseline_no then variant_sample.outcome end) as baseline_outcome,
        max(case when variant_sample.draw_no = pair.progression_no then variant_sample.outcome end)
            as progression_outcome,
        max(case when variant_sample.draw_no = pair.baseline_no then variant_sample.maf_ppm end) as baseline_maf_ppm,
        max(case when variant_sample.draw_no = pair.progression_no then variant_sample.maf_ppm end)
            as progression_maf_ppm,
        max(case when variant_sample.draw_no = pair.baseline_no then variant_sample.copy_number end)
            as baseline_copy_number,
        max(case when variant_sample.draw_no = pair.progression_no then variant_sample.copy_number end)
            as progression_copy_number,
        max(case when variant_sample.draw_no = pair.progression_no then variant_sample.source_key end)
            as progression_key,
        max(case when variant_sample.draw_no = pair.baseline_no then variant_sample.source_key end) as baseline_key,
        max(case
            when variant_sample.draw_no < pair.baseline_no and variant_sample.outcome = 'FOUND' then 1
            else 0
        end) as seen_before,
        min(case
            when
                variant_sample.draw_no > pair.baseline_no and variant_sample.draw_no <= pair.progression_no
                and variant_sample.outcome = 'FOUND'
                then variant_sample.collected_on
        end) as first_found_on
    from pair
    inner join variant_sample on pair.patient_id = variant_sample.patient_id
    group by
        pair.patient_id, pair.line, pair.baseline_no, pair.progression_no, variant_sample.gene,
        variant_sample.variant
),
-- clinical-decisions A15, A36: what either sample did not look for is neither acquired nor gone.
ruled as (
    select
        looked.*,
        case
            when baseline_outcome = 'NOT_COVERED' then 'ACQUIRED_NOT_COVERED_BASELINE'
            when progression_outcome = 'NOT_COVERED' then 'ACQUIRED_NOT_COVERED_PROGRESSION'
            when progression_outcome = 'ABSENT' then 'ACQUIRED_NO_LONGER'
            when baseline_outcome = 'FOUND' then 'ACQUIRED_PRESENT_AT_BOTH'
            when seen_before = 1 then 'ACQUIRED_SEEN_BEFORE'
            else 'ACQUIRED_YES'
        end as rule
    from looked
    where baseline_outcome = 'FOUND' or progression_outcome = 'FOUND'
),
final as (
    select
        cast(ruled.patient_id as varchar) as patient_id,
        cast(ruled.line as integer) as line,
        cast(ruled.gene as varchar) as gene,
        cast(ruled.variant as varchar) as variant,
        cast(
            case ruled.rule
                when 'ACQUIRED_YES' then 'ACQUIRED'
                when 'ACQUIRED_PRESENT_AT_BOTH' then 'PRESENT_AT_BOTH'
                when 'ACQUIRED_NO_LONGER' then 'NO_LONGER'
                when 'ACQUIRED_SEEN_BEFORE' then 'SEEN_BEFORE'
                else 'NOT_COVERED'
            end as varchar
        ) as status,
        cast(variant_course.is_copy_number as boolean) as is_copy_number,
        cast(variant_course.is_possible_chip as boolean) as is_possible_chip,
        cast(variant_course.origin as varchar) as origin,
        -- Stated by the laboratory; a mere suspicion is counted and shown with its reason.
        cast(variant_course.origin in ('GERMLINE', 'STATED') as boolean) as is_other_origin,
        cast(ruled.baseline_outcome as varchar) as baseline_outcome,
        cast(ruled.progression_outcome as varchar) as progression_outcome,
        cast(ruled.baseline_maf_ppm as decimal(10, 3)) as baseline_maf_ppm,
        cast(ruled.progression_maf_ppm as decimal(10, 3)) as progression_maf_ppm,
        cast(ruled.baseline_copy_number as decimal(8, 2)) as baseline_copy_number,
        cast(ruled.progression_copy_number as decimal(8, 2)) as progression_copy_number,
        cast(ruled.first_found_on as date) as first_found_on,
        cast(pair.baseline_on as date) as baseline_on,
        cast(pair.progression_draw_on as date) as progression_draw_on,
        cast(pair.progressed_on as date) as progressed_on,
        cast(date_diff('day', ruled.first_found_on, pair.progressed_on) as integer) as days_before_progression,
        cast(ruled.rule as varchar) as rule,
        cast('variant' as varchar) as source_table,
        cast(coalesce(ruled.progression_key, ruled.baseline_key) as varchar) as source_key
    from ruled
    inner join pair on ruled.patient_id = pair.patient_id and ruled.line = pair.line
    inner join variant_course
        on
            ruled.patient_id = variant_course.patient_id and ruled.gene = variant_course.gene
            and ruled.variant = variant_course.variant
)
select * from final
