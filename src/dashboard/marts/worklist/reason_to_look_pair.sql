-- One row per valid ctDNA draw since the last treatment began that has an imaging response to stand beside it.
-- The pairing of A12 without its window, which the reader of the worklist may change: no progression strictly between
-- the two dates, the nearest scan wins, of two equally near the earlier.
with draw as (
    select
        level.patient_id, level.sample_id, level.draw_no, level.collected_on, level.status, level.series_no,
        level.quantity_kind, level.level_metric, level.level_sum, level.level_n, level.is_unreliable,
        level.source_key, ctdna_state.state, ctdna_state.direction, level.lod_ppm,
        on_line.lowest_level_sum, on_line.lowest_level_n, on_line.n_not_detected, on_line.is_twice_lowest,
        on_line.is_lowest_before_line,
        row_number() over (partition by level.patient_id order by level.draw_no desc nulls last) as place,
        lag(level.draw_no) over (
            partition by level.patient_id, level.series_no order by level.draw_no nulls last
        ) as previous_no
    from ctdna_level as level
    inner join reason_to_look_patient on level.patient_id = reason_to_look_patient.patient_id
    left join ctdna_state on level.sample_id = ctdna_state.sample_id
    left join ctdna_line_level as on_line on level.sample_id = on_line.sample_id
    where level.is_valid
),

-- A draw or scan on the day a treatment began says what was before it.
current_draw as (
    select draw.*
    from draw
    inner join reason_to_look_patient as patient on draw.patient_id = patient.patient_id
    inner join imaging_answer as asked on draw.sample_id = asked.sample_id and asked.kind = 'DRAW'
    where not asked.is_baseline_draw and (patient.treated_on is null or draw.collected_on > patient.treated_on)
),

-- A scan after a progression that nobody called is where the next line begins (A12): no response and no progression.
called as (
    select patient_id, assessed_on, response, basis, is_baseline, first_called_on, source_key
    from overall_response
    where not (coalesce(is_after_progression, false) and rule <> 'OVERALL_REPORTED')
),

scan as (
    select response.patient_id, response.assessed_on, response.response, response.first_called_on, response.source_key
    from called as response
    inner join reason_to_look_patient as patient on response.patient_id = patient.patient_id
    where
        coalesce(response.basis, 'imaging') = 'imaging' and response.response is not null
        and not coalesce(response.is_baseline, false)
        and (patient.treated_on is null or response.assessed_on > patient.treated_on)
),

near as (
    select
        current_draw.*, scan.assessed_on, scan.response, scan.first_called_on, scan.source_key as response_key,
        date_diff('day', current_draw.collected_on, scan.assessed_on) as gap_days
    from current_draw
    inner join scan on current_draw.patient_id = scan.patient_id
),

progressed as (
    select patient_id, assessed_on as progressed_on from called where response = 'PD'
),

parted as (
    select distinct near.sample_id, near.response_key
    from near
    inner join progressed
        on
            near.patient_id = progressed.patient_id
            and (
                (progressed.progressed_on > near.collected_on and progressed.progressed_on < near.assessed_on)
                or (progressed.progressed_on > near.assessed_on and progressed.progressed_on < near.collected_on)
            )
),

nearest as (
    select
        near.*,
        row_number() over (
            partition by near.sample_id
            order by abs(near.gap_days) nulls last, near.gap_days nulls last, near.response_key nulls last
        ) as scan_place
    from near
    left join parted on near.sample_id = parted.sample_id and near.response_key = parted.response_key
    where parted.sample_id is null
),

final as (
    select
        cast(nearest.patient_id as varchar) as patient_id,
        cast(nearest.sample_id as varchar) as sample_id,
        cast(nearest.collected_on as date) as collected_on,
        cast(nearest.assessed_on as date) as assessed_on,
        cast(nearest.gap_days as integer) as gap_days,
        cast(abs(nearest.gap_days) <= study.pairing_days as boolean) as is_met,
        cast(nearest.response as varchar) as response,
        cast(nearest.first_called_on as date) as first_called_on,
        cast(patient.progressed_on as date) as progressed_on,
        cast(nearest.place = 1 as boolean) as is_last_draw,
        cast(nearest.status as varchar) as status,
        cast(nearest.state as varchar) as state,
        cast(nearest.direction as varchar) as direction,
        cast(nearest.quantity_kind as varchar) as quantity_kind,
        cast(nearest.level_sum as decimal(28, 12)) as level_sum,
        cast(nearest.level_n as bigint) as level_n,
        cast(previous.collected_on as date) as previous_on,
        cast(previous.status as varchar) as previous_status,
        cast(previous.level_sum as decimal(28, 12)) as previous_level_sum,
        cast(previous.level_n as bigint) as previous_level_n,
        cast(nearest.lowest_level_sum as decimal(28, 12)) as lowest_level_sum,
        cast(nearest.lowest_level_n as bigint) as lowest_level_n,
        cast(nearest.is_lowest_before_line as boolean) as is_lowest_before_line,
        cast(nearest.is_unreliable as boolean) as is_unreliable,
        -- Risen: a detected sample after one that was not, or a level twice the lowest of the same line by the rule of
        -- A3 (docs/decisions 0020), or after new or repeated detection on the line a level above the sample before.
        cast(
            nearest.status <> 'not_detected'
            and (
                previous.status = 'not_detected'
                or coalesce(nearest.is_twice_lowest, false)
                or (
                    nearest.state in ('NEWLY_DETECTED', 'REDETECTED') and nearest.n_not_detected > 0
                    and coalesce(
                        nearest.level_metric = previous.level_metric
                        and nearest.level_sum * cast(previous.level_n as decimal(9, 0))
                        > previous.level_sum * cast(nearest.level_n as decimal(9, 0)),
                        false
                    )
                )
            ) as boolean
        ) as has_risen,
        cast('ctdna_sample' as varchar) as source_table,
        cast(nearest.source_key as varchar) as source_key,
        cast(nearest.response_key as varchar) as response_key
    from nearest
    cross join study
    left join draw as previous on nearest.patient_id = previous.patient_id and nearest.previous_no = previous.draw_no
    inner join reason_to_look_patient as patient on nearest.patient_id = patient.patient_id
    where nearest.scan_place = 1
)

select * from final
