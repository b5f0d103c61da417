-- One row per patient and statement about ctDNA that the data allow: state, molecular progression, low shedding, new variants.
with draw as (
    select
        level.patient_id, level.sample_id, level.draw_no, level.collected_on, level.status, level.series_no,
        level.quantity_kind, level.level_sum, level.level_n, level.source_table,
        level.source_key, state.state, state.direction, state.rule, state.n_valid, state.n_not_detected_run,
        state.run_days, state.is_molecular_progression, state.reference_draw_no,
        on_line.line, on_line.course, on_line.falling_days, on_line.lowest_line,
        row_number() over (partition by level.patient_id order by level.draw_no desc nulls last) as place,
        row_number() over (
            partition by level.patient_id, level.series_no
            order by level.level_sum nulls last, level.draw_no desc nulls last
        ) as lowest_place,
        lag(level.draw_no) over (
            partition by level.patient_id, level.series_no order by level.draw_no nulls last
        ) as previous_draw_no
    from ctdna_level as level
    inner join ctdna_state as state on level.patient_id = state.patient_id and level.draw_no = state.draw_no
    inner join ctdna_line_level as on_line on level.sample_id = on_line.sample_id
    where level.is_valid
),

-- Beside the last draw stands what its direction was judged by: the lowest level, the draw its state compares with, or
-- the draw before.
last_draw as (
    select
        last_one.*,
        case
            when last_one.direction = 'RISING' then lowest.draw_no
            when last_one.direction in ('FALLING', 'STABLE') then last_one.reference_draw_no
            else last_one.previous_draw_no
        end as other_draw_no
    from draw as last_one
    left join draw as lowest
        on
            last_one.patient_id = lowest.patient_id and last_one.series_no = lowest.series_no
            and lowest.lowest_place = 1
    where last_one.place = 1
),

-- The series before the present one stays in sight: its first and last draw, never compared with the present (A3).
earlier_draw as (
    select
        draw.*,
        row_number() over (partition by draw.patient_id order by draw.draw_no desc nulls last) as from_last
    from draw
    inner join last_draw as present on draw.patient_id = present.patient_id and draw.series_no <> present.series_no
),

earlier_first as (
    select
        draw.*,
        row_number() over (
            partition by draw.patient_id, draw.series_no order by draw.draw_no nulls last
        ) as from_first
    from draw
),

-- "Never detected" is said of low-shedding disease with the draw and the scan that stand behind it (clinical-decisions A4):
-- the scan paired with the draw, else the one the first local treatment is measured from (line_baseline, line 0). A draw
-- with a scan comes first; of one day the CT names it.
seen_at as (
    select
        draw.patient_id, draw.draw_no,
        coalesce(
            min(pair.assessed_on),
            min(case when before_local.named_on <= summary.first_local_on then before_local.named_on end)
        ) as scan_on
    from draw
    inner join patient_summary as summary on draw.patient_id = summary.patient_id
    left join ctdna_imaging_pair as pair on draw.sample_id = pair.sample_id and pair.response = 'PD'
    left join line_baseline as before_local on draw.patient_id = before_local.patient_id and before_local.line = 0
    where draw.collected_on <= summary.first_local_on or pair.sample_id is not null
    group by draw.patient_id, draw.draw_no
),

seen_disease as (
    select
        seen_at.patient_id, seen_at.draw_no, seen_at.scan_on, imaging.modality, imaging.row_key,
        row_number() over (
            partition by seen_at.patient_id
            order by
                case when seen_at.scan_on is null then 1 else 0 end nulls last, seen_at.draw_no nulls last,
                case imaging.modality when 'ct' then 0 when 'pet_ct' then 1 when 'mri' then 2 else 3 end nulls last,
                imaging.row_key nulls last
        ) as place
    from seen_at
    left join usable_imaging as imaging
        on seen_at.patient_id = imaging.patient_id and seen_at.scan_on = imaging.imaged_on
),

sheds_little as (
    select count(*) as n_sites from low_shedding_site
),

ever_detected as (
    select
        patient_id, cast(count(*) as bigint) as n_valid,
        count(case when status <> 'not_detected' then 1 end) as n_detected
    from draw
    group by patient_id
),

new_variant as (
    select
        patient_id, count(*) as n,
        array_to_string(list_sort(list(distinct
            gene || ' ' || replace(variant, 'p.', '') || case when is_across_assays then ' (other assay)' else '' end
        )), ', ') as label,
        min(first_detected_on) as first_detected_on, max(baseline_on) as baseline_on,
        min(baseline_sample_id) as baseline_sample_id
    from variant_course
    where status = 'NEW' and not is_possible_chip and not is_possible_germline
    group by patient_id
),

first_draw as (
    select patient_id, collected_on, min(source_key) as source_key from draw group by patient_id, collected_on
),

statement as (
    select
        draw.patient_id, 10 as place, 'CTDNA_STATE' as statement,
        -- A rise over the lowest of an earlier line only: what runs now stands first (docs/decisions 0020).
        case
            when draw.rule <> 'PERSISTENT_RISING' or draw.course = 'UP' then 'STATE_' || draw.rule
            when draw.course = 'DETECTED' then 'STATE_PERSISTENT_RISING_FIRST'
            when draw.falling_days is not null then 'STATE_PERSISTENT_FALLING_NOW'
            else 'STATE_PERSISTENT_RISING_EARLIER'
        end as rule,
        draw.collected_on as day_on, other.collected_on as other_on,
        case when draw.rule = 'PERSISTENT_RISING' then draw.falling_days else draw.run_days end as days,
        coalesce(draw.n_not_detected_run, draw.n_valid) as n, draw.n_valid as n_of, draw.state as code,
        case
            when draw.lowest_line = 0 then 'before line 1' else 'on line ' || cast(draw.lowest_line as varchar)
        end as label, draw.line, draw.status, other.status as other_status, draw.quantity_kind,
        draw.level_sum, draw.level_n, other.level_sum as other_level_sum, other.level_n as other_level_n,
        draw.source_table, draw.source_key, other.source_table as other_source_table,
        other.source_key as other_source_key
    from last_draw as draw
    left join draw as other on draw.patient_id = other.patient_id and draw.other_draw_no = other.draw_no
    union all
    select
        earlier.patient_id, 11, 'EARLIER_SERIES',
        case when earlier.draw_no = opening.draw_no then 'EARLIER_SERIES_ONE' else 'EARLIER_SERIES' end,
        earlier.collected_on, opening.collected_on, null, null, null, null, null, null, earlier.status, opening.status,
        earlier.quantity_kind, earlier.level_sum, earlier.level_n, opening.level_sum, opening.level_n, earlier.source_table,
        earlier.source_key, opening.source_table, opening.source_key
    from earlier_draw as earlier
    inner join earlier_first as opening
        on
            earlier.patient_id = opening.patient_id and earlier.series_no = opening.series_no
            and opening.from_first = 1
    where earlier.from_last = 1
    union all
    select
        draw.patient_id, 20, 'LOW_SHEDDING',
        case
            when seen_disease.draw_no is null then 'LOW_SHEDDING'
            when seen_disease.scan_on is null then 'LOW_SHEDDING_BEFORE_LOCAL'
            else 'LOW_SHEDDING_VISIBLE'
        end,
        coalesce(seen_disease.scan_on, draw.collected_on), seen.collected_on, null, ever_detected.n_valid,
        ever_detected.n_valid, null,
        case
            when seen_disease.scan_on is null then null
            when seen_disease.modality = 'ct' then 'CT'
            when seen_disease.modality = 'pet_ct' then 'PET-CT'
            when seen_disease.modality = 'mri' then 'MRI'
            else 'scan'
        end, null, draw.status, null, null, null, null, null, null,
        case when seen_disease.row_key is null then draw.source_table else 'imaging' end,
        coalesce(seen_disease.row_key, draw.source_key), seen.source_table, seen.source_key
    from draw
    inner join ever_detected on draw.patient_id = ever_detected.patient_id and ever_detected.n_detected = 0
    inner join sheds_little on sheds_little.n_sites > 0
    left join seen_disease on draw.patient_id = seen_disease.patient_id and seen_disease.place = 1
    left join draw as seen on seen_disease.patient_id = seen.patient_id and seen_disease.draw_no = seen.draw_no
    where draw.place = 1
    union all
    select
        draw.patient_id, 30, 'MOLECULAR_PROGRESSION',
        case
            when draw.state = 'NEWLY_DETECTED' then 'MOLECULAR_NEWLY_DETECTED'
            when draw.state = 'REDETECTED' then 'MOLECULAR_REDETECTED'
            else 'MOLECULAR_RISING'
        end,
        draw.collected_on, before.collected_on, date_diff('day', before.collected_on, draw.collected_on), null, null,
        draw.state, null, null, draw.status, before.status, draw.quantity_kind, draw.level_sum, draw.level_n,
        before.level_sum, before.level_n, draw.source_table, draw.source_key, before.source_table, before.source_key
    from draw
    left join draw as before
        on draw.patient_id = before.patient_id and draw.previous_draw_no = before.draw_no
    where draw.is_molecular_progression
    union all
    select
        new_variant.patient_id, 32, 'NEW_VARIANT',
        case when new_variant.n > 1 then 'NEW_VARIANTS' else 'NEW_VARIANT' end,
        new_variant.first_detected_on, new_variant.baseline_on, null, new_variant.n, null, null, new_variant.label, null,
        null, null, null, null, null, null, null, 'ctdna_sample', first_draw.source_key, 'ctdna_sample', baseline.source_key
    from new_variant
    left join first_draw
        on
            new_variant.patient_id = first_draw.patient_id
            and new_variant.first_detected_on = first_draw.collected_on
    left join ctdna_level as baseline on new_variant.baseline_sample_id = baseline.sample_id
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(statement as varchar) as statement,
        cast(place as integer) as place,
        cast(rule as varchar) as rule,
        cast(day_on as date) as day_on,
        cast(other_on as date) as other_on,
        cast(days as integer) as days,
        cast(n as bigint) as n,
        cast(n_of as bigint) as n_of,
        cast(code as varchar) as code,
        cast(label as varchar) as label,
        cast(line as integer) as line,
        cast(status as varchar) as status,
        cast(other_status as varchar) as other_status,
        cast(quantity_kind as varchar) as quantity_kind,
        cast(level_sum as decimal(28, 12)) as level_sum,
        cast(level_n as bigint) as level_n,
        cast(other_level_sum as decimal(28, 12)) as other_level_sum,
        cast(other_level_n as bigint) as other_level_n,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key,
        cast(other_source_table as varchar) as other_source_table,
        cast(other_source_key as varchar) as other_source_key
    from statement
)

select * from final
