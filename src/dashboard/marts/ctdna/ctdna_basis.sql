-- One row per valid draw in which ctDNA was detected, with what the result rests on and what the next sample says.
-- A caution, never a state: it may name a later sample, while no later sample changes a state (docs/decisions 0009).
with draw as (
    select
        level.patient_id, level.sample_id, level.draw_no, level.collected_on, level.status, level.series_no,
        level.quantity_kind, level.level_metric, level.level_sum, level.level_n, level.lod_ppm, level.loq_ppm, level.source_table,
        level.source_key, state.direction, state.is_molecular_progression,
        coalesce(cast(level.max_maf_ppm as decimal(28, 12)), level.level_sum) as highest,
        lead(level.collected_on) over (
            partition by level.patient_id, level.series_no order by level.draw_no nulls last
        ) as next_on,
        lead(level.status) over (
            partition by level.patient_id, level.series_no order by level.draw_no nulls last
        ) as next_status,
        lead(state.direction) over (
            partition by level.patient_id, level.series_no order by level.draw_no nulls last
        ) as next_direction
    from ctdna_level as level
    inner join ctdna_state as state on level.patient_id = state.patient_id and level.draw_no = state.draw_no
    where level.is_valid
),
-- As in a pair: a draw on the day a treatment begins says what was before it.
treatment_start as (
    select patient_id, started_on, 0 as is_local from line_of_therapy
    union all
    select patient_id, started_on, 1 from local_course
),
changed as (
    select
        draw.sample_id, treatment_start.started_on as changed_on, treatment_start.is_local,
        row_number() over (
            partition by draw.sample_id order by treatment_start.started_on nulls last, treatment_start.is_local nulls last
        ) as place
    from draw
    inner join treatment_start
        on
            draw.patient_id = treatment_start.patient_id and treatment_start.started_on >= draw.collected_on
            and treatment_start.started_on < draw.next_on
),
-- Variants the laboratory states to be of other origin are outside the level already (clinical-rules 3.5).
found as (
    select
        called.patient_id, called.sample_id, called.gene, called.variant,
        course.gene || ' ' || replace(course.variant, 'p.', '') as label, called.status,
        case when coalesce(course.is_possible_germline, false) then 1 else 0 end as is_germline,
        case
            when coalesce(course.is_possible_chip, false) or coalesce(course.is_possible_germline, false) then 1
            else 0
        end as is_flagged,
        case when called.status = 'detected' and not called.is_copy_number_call then called.maf_ppm end as maf_ppm
    from variant_sample as called
    inner join variant_course as course
        on
            called.patient_id = course.patient_id and called.gene = course.gene
            and called.variant = course.variant
    where called.outcome = 'FOUND' and coalesce(called.origin, 'unknown') not in ('germline', 'clonal_haematopoiesis')
),
total as (
    select
        sample_id, count(*) as n_found, count(case when is_flagged = 0 then 1 end) as n_tumour,
        count(case when is_germline = 1 then 1 end) as n_germline,
        count(case when status = 'detected' then 1 end) as n_above_loq,
        cast(sum(case when is_flagged = 0 then maf_ppm end) as decimal(28, 12)) as tumour_sum,
        cast(max(case when is_flagged = 0 then maf_ppm end) as decimal(28, 12)) as tumour_max,
        cast(max(case when is_flagged = 1 then maf_ppm end) as decimal(28, 12)) as flagged_max
    from found
    group by sample_id
),
-- A result whose variants are all of stated other origin shows no ctDNA of the tumour.
of_tumour as (
    select called.sample_id, max(case when course.origin in ('TUMOUR', 'POSSIBLE') then 1 else 0 end) as has_tumour
    from variant_sample as called
    inner join variant_course as course
        on
            called.patient_id = course.patient_id and called.gene = course.gene
            and called.variant = course.variant
    where called.outcome = 'FOUND'
    group by called.sample_id
),
-- The draw that a rise compares with: the lowest level of the series up to it.
lowest as (
    select
        draw.sample_id, earlier.sample_id as lowest_sample_id,
        row_number() over (
            partition by draw.sample_id order by earlier.level_sum nulls last, earlier.draw_no desc nulls last
        ) as place
    from draw
    inner join draw as earlier
        on
            draw.patient_id = earlier.patient_id and draw.series_no = earlier.series_no
            and draw.level_metric = earlier.level_metric and earlier.draw_no < draw.draw_no
    where draw.direction = 'RISING'
),
-- Variants of the tumour that were looked for there and not found, with or without a MAF now.
returned as (
    select found.sample_id, count(*) as n_returned
    from found
    inner join lowest on found.sample_id = lowest.sample_id and lowest.place = 1
    inner join variant_sample as before
        on
            lowest.lowest_sample_id = before.sample_id and found.gene = before.gene
            and found.variant = before.variant
    where found.is_flagged = 0 and before.outcome = 'ABSENT'
    group by found.sample_id
),
flagged as (
    select sample_id, array_to_string(list_sort(list(distinct label)), ', ') as label
    from found
    where is_flagged = 1
    group by sample_id
),
-- Whose MAF the level is where it is the highest one; of equals all.
highest_variant as (
    select draw.sample_id, array_to_string(list_sort(list(distinct found.label)), ' and ') as label
    from draw
    inner join found on draw.sample_id = found.sample_id and draw.level_sum = found.maf_ppm
    where draw.level_metric = 'MAX'
    group by draw.sample_id
),
-- The level as it would be without the flagged variants.
levelled as (
    select
        draw.*, total.n_found, total.n_tumour, total.n_germline, total.n_above_loq, flagged.label, returned.n_returned,
        highest_variant.label as level_variant,
        total.tumour_max, total.flagged_max, coalesce(of_tumour.has_tumour, 1) = 1 as is_of_tumour,
        case draw.level_metric when 'MEAN' then total.tumour_sum when 'MAX' then total.tumour_max end as tumour_level
    from draw
    left join total on draw.sample_id = total.sample_id
    left join flagged on draw.sample_id = flagged.sample_id
    left join returned on draw.sample_id = returned.sample_id
    left join highest_variant on draw.sample_id = highest_variant.sample_id
    left join of_tumour on draw.sample_id = of_tumour.sample_id
),
compared as (
    select
        levelled.*, study.rising_factor,
        min(tumour_level) over (
            partition by patient_id, series_no, level_metric order by draw_no nulls last
            rows between unbounded preceding and current row
        ) as lowest_tumour_level,
        count(case when n_tumour = 0 then 1 end) over (
            partition by patient_id, series_no order by draw_no nulls last
            rows between unbounded preceding and current row
        ) as n_without_tumour,
        tumour_level is not null
        and (loq_ppm is null or tumour_level > loq_ppm * cast(level_n as decimal(9, 0))) as is_tumour_above_loq
    from levelled
    cross join study
),
ruled as (
    select
        compared.*,
        case
            when label is null then null
            when n_tumour = 0 and n_germline > 0 then 'BASIS_OTHER_ORIGIN'
            when n_tumour = 0 then 'BASIS_POSSIBLE_CHIP'
            when coalesce(direction, '') <> 'RISING' or n_returned > 0 then null
            when
                is_tumour_above_loq
                and (
                    n_without_tumour > 0
                    or tumour_level >= lowest_tumour_level * cast(rising_factor as decimal(9, 0))
                )
                then null
            when n_germline > 0 then 'BASIS_OTHER_ORIGIN_RISE'
            else 'BASIS_POSSIBLE_CHIP_RISE'
        end as origin_rule,
        case
            when status = 'below_loq' or n_above_loq = 0 then 'BASIS_BELOW_LOQ'
            when quantity_kind = 'maf_ppm' and highest < loq_ppm then 'BASIS_BELOW_LOQ'
            when quantity_kind = 'maf_ppm' and highest < lod_ppm then 'BASIS_BELOW_LOD'
        end as loq_rule,
        case
            when next_on is null then 'BASIS_NO_LATER_SAMPLE'
            when direction = 'RISING' and next_direction = 'RISING' then 'BASIS_CONFIRMED'
            when coalesce(direction, '') <> 'RISING' and next_status <> 'not_detected' then 'BASIS_CONFIRMED'
            -- What a new treatment brought down was no false alarm.
            when changed.is_local = 0 and next_status = 'not_detected' then 'BASIS_TREATMENT_CHANGED_CLEAR'
            when changed.is_local = 0 then 'BASIS_TREATMENT_CHANGED'
            when changed.is_local = 1 and next_status = 'not_detected' then 'BASIS_LOCAL_TREATMENT_CLEAR'
            when changed.is_local = 1 then 'BASIS_LOCAL_TREATMENT'
            else 'BASIS_NOT_CONFIRMED'
        end as next_rule,
        changed.changed_on
    from compared
    left join changed on compared.sample_id = changed.sample_id and changed.place = 1
    where status <> 'not_detected'
),
-- A level that is that of a flagged variant: alone, or as the highest MAF beside others with a number.
named as (
    select
        ruled.*,
        case
            when origin_rule is not null or level_sum is null or flagged_max is null then null
            when tumour_max is null and n_germline > 0 then 'BASIS_OTHER_ORIGIN_LEVEL_ALONE'
            when tumour_max is null then 'BASIS_POSSIBLE_CHIP_LEVEL_ALONE'
            when level_metric <> 'MAX' then null
            when n_germline > 0 and flagged_max > tumour_max then 'BASIS_OTHER_ORIGIN_LEVEL'
            when flagged_max > tumour_max then 'BASIS_POSSIBLE_CHIP_LEVEL'
        end as level_rule
    from ruled
),
final as (
    select
        cast(sample_id as varchar) as sample_id,
        cast(patient_id as varchar) as patient_id,
        cast(draw_no as integer) as draw_no,
        cast(collected_on as date) as collected_on,
        cast(is_molecular_progression as boolean) as is_molecular_progression,
        cast(coalesce(n_found, 0) as bigint) as n_found,
        cast(coalesce(n_found - n_tumour, 0) as bigint) as n_other_origin,
        cast(label as varchar) as other_origin,
        cast(is_of_tumour as boolean) as is_of_tumour,
        cast(origin_rule as varchar) as origin_rule,
        cast(level_rule as varchar) as level_rule,
        cast(level_variant as varchar) as level_variant,
        cast(case when level_rule is not null then tumour_max end as decimal(10, 3)) as others_maf_ppm,
        cast(loq_rule as varchar) as loq_rule,
        cast(next_on as date) as next_on,
        cast(next_rule as varchar) as next_rule,
        cast(
            case when next_rule like 'BASIS_TREATMENT%' or next_rule like 'BASIS_LOCAL%' then changed_on end as date
        ) as changed_on,
        cast(origin_rule is not null as boolean) as rests_on_other_origin,
        cast(coalesce(origin_rule in ('BASIS_POSSIBLE_CHIP', 'BASIS_OTHER_ORIGIN'), false) as boolean)
            as is_of_other_origin_alone,
        cast(loq_rule is not null and next_rule <> 'BASIS_CONFIRMED' as boolean) as rests_on_one_value_below_loq,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from named
)
select * from final
