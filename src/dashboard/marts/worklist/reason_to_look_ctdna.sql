-- One row per patient, reason to look that rests on ctDNA, and record it rests on (A33, numbers 2 to 5 and 7 to 9).
with image as (
    select patient_id, imaged_on as seen_on from usable_imaging
    union
    select patient_id, assessed_on from overall_response where coalesce(basis, 'imaging') = 'imaging'
),

valid_draw as (
    select
        state.patient_id, state.draw_no, state.series_no, state.state, state.status, state.collected_on,
        max(state.draw_no) over (partition by state.patient_id) as last_draw_no,
        max(case when state.status = 'not_detected' then state.draw_no end) over (
            partition by state.patient_id, state.series_no
        ) as last_clear_no,
        level.quantity_kind, level.level_sum, level.level_n, level.source_key
    from ctdna_state as state
    inner join ctdna_level as level on state.sample_id = level.sample_id
    where state.is_valid
),

-- Number 2: the first detected draw after the last one that was not, while the last draw is still detected.
still_detected as (
    select patient_id, series_no, last_clear_no
    from valid_draw
    where draw_no = last_draw_no and state in ('NEWLY_DETECTED', 'REDETECTED') and status <> 'not_detected'
),

detected_draw as (
    select
        valid_draw.*,
        row_number() over (partition by valid_draw.patient_id order by valid_draw.draw_no nulls last) as place
    from valid_draw
    inner join still_detected
        on
            valid_draw.patient_id = still_detected.patient_id and valid_draw.series_no = still_detected.series_no
            and valid_draw.draw_no > still_detected.last_clear_no
),

imaged_after as (
    select detected_draw.patient_id, min(image.seen_on) as imaged_on
    from detected_draw
    inner join reason_to_look_patient as patient on detected_draw.patient_id = patient.patient_id
    inner join image
        on detected_draw.patient_id = image.patient_id and image.seen_on >= detected_draw.collected_on
    where detected_draw.place = 1 and image.seen_on <= patient.observed_until
    group by detected_draw.patient_id
),

-- An assessment after the draw answers the reason, however late it came: nothing is left to be looked for
-- (docs/decisions 0025). One that could not be evaluated answers nothing.
assessed_after as (
    select distinct detected_draw.patient_id
    from detected_draw
    inner join reason_to_look_patient as patient on detected_draw.patient_id = patient.patient_id
    inner join overall_response as response
        on
            detected_draw.patient_id = response.patient_id
            and response.assessed_on >= detected_draw.collected_on
    where
        detected_draw.place = 1 and response.assessed_on <= patient.observed_until
        and response.response is not null and response.response <> 'NE'
        and coalesce(response.basis, 'imaging') = 'imaging'
        and not coalesce(response.is_baseline, false)
),

-- Number 4: of the draws that stand beside the progression the nearest, of two equally near the later. A progression
-- called again after other treatment began is no new one (number 1), but the last draw stands beside it all the same.
at_progression as (
    select
        pair.*,
        row_number() over (
            partition by pair.patient_id
            order by abs(pair.gap_days) nulls last, pair.gap_days nulls last, pair.sample_id nulls last
        ) as place
    from reason_to_look_pair as pair
    where
        pair.response = 'PD'
        and case
            when pair.progressed_on is null then pair.is_last_draw and pair.first_called_on is not null
            else pair.assessed_on = pair.progressed_on
        end
),

-- Number 7: the last failed sample, unless blood was drawn again on that day or later.
redrawn as (
    select distinct failed.sample_id
    from ctdna_level as failed
    inner join ctdna_level as later
        on
            failed.patient_id = later.patient_id and failed.sample_id <> later.sample_id
            and later.collected_on >= failed.collected_on
            and later.status not in ('failed', 'not_done')
    where failed.status = 'failed'
),

failed as (
    select
        level.*,
        row_number() over (partition by level.patient_id order by level.draw_no desc nulls last) as place
    from ctdna_level as level
    left join redrawn on level.sample_id = redrawn.sample_id
    where level.status = 'failed' and redrawn.sample_id is null
),

-- Number 8: working days after the draw up to the last observed day, Monday to Friday, holidays not left out.
-- 3 January 1600 was a Monday; days since then // 7 are whole weeks of five working days.
pending_day as (
    select
        level.*, patient.observed_until,
        date_diff('day', date '1600-01-03', level.collected_on) as drawn_day,
        date_diff('day', date '1600-01-03', patient.observed_until) as last_day,
        row_number() over (partition by level.patient_id order by level.draw_no nulls last) as place
    from ctdna_level as level
    inner join reason_to_look_patient as patient on level.patient_id = patient.patient_id
    where level.status = 'pending'
),

pending as (
    select
        pending_day.*,
        5 * (last_day // 7) + case when last_day % 7 < 5 then last_day % 7 + 1 else 5 end
        - 5 * (drawn_day // 7) - case when drawn_day % 7 < 5 then drawn_day % 7 + 1 else 5 end as n_working_days
    from pending_day
    where place = 1
),

-- Number 9: the variant records of the day a watched gene was first seen.
first_seen as (
    select course.patient_id, course.gene, course.variant, min(found.row_key) as source_key
    from variant_course as course
    inner join usable_ctdna_sample as drawn
        on course.patient_id = drawn.patient_id and course.first_detected_on = drawn.collected_on
    inner join usable_variant as found
        on drawn.sample_id = found.sample_id and course.gene = found.gene and course.variant = found.variant
    group by course.patient_id, course.gene, course.variant
),

row_of_reason as (
    select
        detected_draw.patient_id, cast(2 as integer) as reason_no, detected_draw.collected_on as occurred_on,
        'ctdna_sample' as occurred_subject, coalesce(imaged_after.imaged_on, patient.last_imaging_on) as compared_on,
        'response' as compared_subject,
        date_diff(
            'day', detected_draw.collected_on, coalesce(imaged_after.imaged_on, patient.observed_until)
        ) as n_days,
        date_diff('day', detected_draw.collected_on, imaged_after.imaged_on) as gap_days,
        cast('BEYOND' as varchar) as window_rule,
        coalesce(
            date_diff('day', detected_draw.collected_on, imaged_after.imaged_on) > study.imaging_after_ctdna_days, true
        ) as is_met,
        cast(null as varchar) as response,
        cast('not_detected' as varchar) as from_status, cast(null as decimal(28, 12)) as from_level_sum,
        cast(null as bigint) as from_level_n, detected_draw.status as to_status,
        detected_draw.level_sum as to_level_sum, detected_draw.level_n as to_level_n, detected_draw.quantity_kind,
        case when imaged_after.imaged_on is null then 'NOT_IMAGED' else 'IMAGED' end as detail,
        cast(null as boolean) as is_unreliable, detected_draw.source_key
    from detected_draw
    inner join reason_to_look_patient as patient on detected_draw.patient_id = patient.patient_id
    cross join study
    left join imaged_after on detected_draw.patient_id = imaged_after.patient_id
    left join assessed_after on detected_draw.patient_id = assessed_after.patient_id
    where
        detected_draw.place = 1 and assessed_after.patient_id is null
        and (patient.treated_on is null or detected_draw.collected_on > patient.treated_on)
    union all
    select
        patient_id, 3, collected_on, 'ctdna_sample', assessed_on, 'response', abs(gap_days), abs(gap_days), 'WITHIN',
        is_met, response,
        case
            when previous_status = 'not_detected' then 'not_detected'
            when is_lowest_before_line then 'before_line'
            else 'lowest'
        end,
        case when previous_status <> 'not_detected' then lowest_level_sum end,
        case when previous_status <> 'not_detected' then lowest_level_n end,
        status, level_sum, level_n, quantity_kind, null, is_unreliable, source_key
    from reason_to_look_pair
    where
        is_last_draw and has_risen and progressed_on is null
        and response in ('CR', 'PR', 'SD', 'NON-CR/NON-PD', 'NED', 'EQUIVOCAL')
    union all
    select
        patient_id, 4, assessed_on, 'response', collected_on, 'ctdna_sample', abs(gap_days), abs(gap_days), 'WITHIN',
        is_met, response,
        previous_status, previous_level_sum, previous_level_n, status, null, null, quantity_kind, null, is_unreliable,
        response_key
    from at_progression
    where place = 1 and status = 'not_detected'
    union all
    select
        patient_id, 5, collected_on, 'ctdna_sample', assessed_on, 'response', abs(gap_days), abs(gap_days), 'WITHIN',
        is_met, response,
        previous_status, previous_level_sum, previous_level_n, status, level_sum, level_n, quantity_kind, null,
        is_unreliable, source_key
    from reason_to_look_pair
    where is_last_draw and status <> 'not_detected' and response in ('CR', 'NED') and progressed_on is null
    union all
    select
        failed.patient_id, 7, failed.collected_on, 'ctdna_sample', patient.last_imaging_on, 'response',
        date_diff('day', failed.collected_on, patient.observed_until), null, null, true, null, null, null, null,
        failed.status, null, null, null, failed.failure_reason, null, failed.source_key
    from failed
    inner join reason_to_look_patient as patient on failed.patient_id = patient.patient_id
    where failed.place = 1
    union all
    select
        pending.patient_id, 8, pending.collected_on, 'ctdna_sample', pending.observed_until, null,
        pending.n_working_days, null, null, true, null, null, null, null, pending.status, null, null, null, null, null,
        pending.source_key
    from pending
    cross join study
    where pending.n_working_days > study.result_pending_working_days
    union all
    -- Number 9: whether the variant is new since the last review is asked of the workflow rows, not here.
    select
        course.patient_id, 9, course.first_detected_on, 'ctdna_sample', course.baseline_on, 'ctdna_sample',
        date_diff('day', course.first_detected_on, patient.observed_until), null, null,
        course.first_detected_on > course.baseline_on, null, null, null, null, 'detected', course.first_maf_ppm,
        case when course.first_maf_ppm is not null then 1 end, 'maf_ppm', course.gene || ' ' || course.variant, null,
        first_seen.source_key
    from variant_course as course
    inner join first_seen
        on
            course.patient_id = first_seen.patient_id and course.gene = first_seen.gene
            and course.variant = first_seen.variant
    inner join watched_gene on course.gene = watched_gene.gene
    inner join reason_to_look_patient as patient on course.patient_id = patient.patient_id
    where
        course.n_detected > 0 and not course.is_tracked and not course.is_possible_chip
        and not course.is_possible_germline
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(reason_no as integer) as reason_no,
        cast(occurred_on as date) as occurred_on,
        cast(occurred_subject as varchar) as occurred_subject,
        cast(compared_on as date) as compared_on,
        cast(compared_subject as varchar) as compared_subject,
        cast(n_days as integer) as n_days,
        cast(gap_days as integer) as gap_days,
        cast(window_rule as varchar) as window_rule,
        cast(is_met as boolean) as is_met,
        cast(response as varchar) as response,
        cast(from_status as varchar) as from_status,
        cast(from_level_sum as decimal(28, 12)) as from_level_sum,
        cast(from_level_n as bigint) as from_level_n,
        cast(to_status as varchar) as to_status,
        cast(to_level_sum as decimal(28, 12)) as to_level_sum,
        cast(to_level_n as bigint) as to_level_n,
        cast(quantity_kind as varchar) as quantity_kind,
        cast(detail as varchar) as detail,
        cast(is_unreliable as boolean) as is_unreliable,
        cast(source_key as varchar) as source_key
    from row_of_reason
)

select * from final
