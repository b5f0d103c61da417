-- One row per valid ctDNA draw that has an imaging response within the pairing window (clinical-decisions A12).
-- Same line, no progression, new line, end of a line or local treatment strictly between the two dates; the nearest
-- scan wins, and of two equally near the earlier, so that a later scan never answers for a draw before it.
with draw as (
    select patient_id, sample_id, collected_on, is_baseline
    from ctdna_level
    where is_valid
),

draw_with_line as (
    select
        draw.patient_id,
        draw.sample_id,
        draw.collected_on,
        draw.is_baseline,
        cast(max(coalesce(line_of_therapy.line, 0)) as integer) as line
    from draw
    left join line_of_therapy
        on draw.patient_id = line_of_therapy.patient_id and line_of_therapy.started_on < draw.collected_on
    group by draw.patient_id, draw.sample_id, draw.collected_on, draw.is_baseline
),

-- A scan after a progression that nobody called is where the next line begins: no response and no progression.
called as (
    select patient_id, assessed_on, response, basis, is_baseline, source_key
    from overall_response
    where not (coalesce(is_after_progression, false) and rule <> 'OVERALL_REPORTED')
),

scan as (
    select
        called.patient_id,
        called.assessed_on,
        called.response,
        called.source_key,
        cast(max(coalesce(line_of_therapy.line, 0)) as integer) as line
    from called
    left join line_of_therapy
        on called.patient_id = line_of_therapy.patient_id and line_of_therapy.started_on < called.assessed_on
    where
        coalesce(called.basis, 'imaging') = 'imaging'
        and called.response is not null
        and not coalesce(called.is_baseline, false)
    group by called.patient_id, called.assessed_on, called.response, called.source_key
),

near as (
    select
        draw_with_line.patient_id,
        draw_with_line.sample_id,
        draw_with_line.collected_on,
        draw_with_line.is_baseline,
        draw_with_line.line,
        scan.assessed_on,
        scan.response,
        scan.source_key,
        date_diff('day', draw_with_line.collected_on, scan.assessed_on) as gap_days,
        least(
            coalesce(draw_with_line.collected_on, scan.assessed_on), coalesce(scan.assessed_on, draw_with_line.collected_on)
        ) as first_on,
        greatest(
            coalesce(draw_with_line.collected_on, scan.assessed_on), coalesce(scan.assessed_on, draw_with_line.collected_on)
        ) as last_on
    from draw_with_line
    inner join scan on draw_with_line.patient_id = scan.patient_id and draw_with_line.line = scan.line
    cross join study
    where
        date_diff('day', draw_with_line.collected_on, scan.assessed_on) <= study.pairing_days
        and date_diff('day', draw_with_line.collected_on, scan.assessed_on) >= -study.pairing_days
),

change as (
    select patient_id, assessed_on as changed_on from called where response = 'PD'
    union all
    select patient_id, started_on from line_of_therapy
    union all
    select patient_id, ended_on from line_of_therapy where ended_on is not null
    union all
    select patient_id, started_on from treatment_episode where kind in ('radiotherapy', 'ablation', 'surgery')
),

parted as (
    select distinct near.sample_id, near.source_key
    from near
    inner join change
        on near.patient_id = change.patient_id and change.changed_on > near.first_on and change.changed_on < near.last_on
),

nearest as (
    select
        near.*,
        row_number() over (
            partition by near.sample_id
            order by
                case when near.gap_days < 0 then -near.gap_days else near.gap_days end nulls last,
                near.gap_days nulls last,
                near.source_key nulls last
        ) as place
    from near
    left join parted on near.sample_id = parted.sample_id and near.source_key = parted.source_key
    where parted.sample_id is null
),

final as (
    select
        cast(nearest.patient_id as varchar) as patient_id,
        cast(nearest.sample_id as varchar) as sample_id,
        cast(nearest.collected_on as date) as collected_on,
        cast(nearest.assessed_on as date) as assessed_on,
        cast(nearest.gap_days as integer) as gap_days,
        cast(nearest.line as integer) as line,
        cast(nearest.response as varchar) as response,
        cast(nearest.is_baseline as boolean) as is_baseline_draw,
        cast(
            nearest.gap_days <= study.pairing_sensitivity_days
            and nearest.gap_days >= -study.pairing_sensitivity_days as boolean
        ) as is_within_sensitivity,
        cast('PAIRED' as varchar) as rule,
        cast(nearest.source_key as varchar) as response_key
    from nearest
    cross join study
    where nearest.place = 1
)

select * from final
