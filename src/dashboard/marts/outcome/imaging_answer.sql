-- One row per valid ctDNA draw, and per patient without a valid second draw the day of the one without a result or, where
-- it was missed, the last day of its window: the imaging response that answers for that day, or why none does
-- (clinical-decisions A12).
-- Same line, no progression, new line, end of a line or local treatment strictly between the two dates; the nearest
-- scan wins, and of two equally near the earlier, so that a later scan never answers for a draw before it. A progression
-- that is itself one of the two dates is not between them, and the stop that follows it does not part it from the draw
-- made before other treatment begins (docs/decisions 0023).
with baseline as (
    select patient_id, draw_no, collected_on from ctdna_level where is_baseline
),

later as (
    select
        ctdna_level.patient_id, ctdna_level.sample_id, ctdna_level.collected_on, ctdna_level.is_valid,
        row_number() over (
            partition by ctdna_level.patient_id
            order by
                case when ctdna_level.is_valid then 0 else 1 end nulls last,
                ctdna_level.collected_on nulls last,
                ctdna_level.draw_no nulls last
        ) as place
    from ctdna_level
    inner join baseline on ctdna_level.patient_id = baseline.patient_id and ctdna_level.draw_no > baseline.draw_no
    cross join study
    where date_diff('day', baseline.collected_on, ctdna_level.collected_on) >= study.second_draw_from_day
),

due as (
    select missed.patient_id, missed.closes_on as due_on
    from second_draw_due as missed
    left join later on missed.patient_id = later.patient_id and later.place = 1
    where missed.is_missed and later.patient_id is null
),

moment as (
    select
        patient_id, 'DRAW' as kind, sample_id, collected_on as asked_on,
        -- A first draw that stands in for a baseline is a draw like any other (clinical-decisions A2).
        is_baseline and baseline_rule = 'BASELINE_PRE_TREATMENT' as is_baseline_draw
    from ctdna_level
    where is_valid
    union all
    select patient_id, 'SECOND_DRAW', sample_id, collected_on, false
    from later
    where place = 1 and not is_valid
    union all
    select patient_id, 'DUE', null, due_on, false
    from due
),

moment_with_line as (
    select
        moment.patient_id,
        moment.kind,
        moment.sample_id,
        coalesce(moment.sample_id, moment.patient_id) as moment_id,
        moment.asked_on,
        moment.is_baseline_draw,
        cast(max(coalesce(line_of_therapy.line, 0)) as integer) as line
    from moment
    left join line_of_therapy
        on moment.patient_id = line_of_therapy.patient_id and line_of_therapy.started_on < moment.asked_on
    group by moment.patient_id, moment.kind, moment.sample_id, moment.asked_on, moment.is_baseline_draw
),

-- A scan after a progression that nobody called is where the next line begins: no response and no progression.
seen as (
    select
        patient_id, assessed_on, response, basis, is_baseline, source_key,
        coalesce(is_after_progression, false) and rule <> 'OVERALL_REPORTED' as is_uncalled
    from overall_response
),

scan as (
    select
        seen.patient_id,
        seen.assessed_on,
        seen.response,
        seen.source_key,
        seen.is_uncalled,
        cast(max(coalesce(line_of_therapy.line, 0)) as integer) as line
    from seen
    left join line_of_therapy
        on seen.patient_id = line_of_therapy.patient_id and line_of_therapy.started_on < seen.assessed_on
    where
        coalesce(seen.basis, 'imaging') = 'imaging'
        and seen.response is not null
        and not coalesce(seen.is_baseline, false)
    group by seen.patient_id, seen.assessed_on, seen.response, seen.source_key, seen.is_uncalled
),

near as (
    select
        moment_with_line.patient_id,
        moment_with_line.kind,
        moment_with_line.moment_id,
        scan.assessed_on,
        scan.response,
        scan.source_key,
        moment_with_line.line = scan.line and not scan.is_uncalled as is_of_line,
        date_diff('day', moment_with_line.asked_on, scan.assessed_on) as gap_days,
        least(
            coalesce(moment_with_line.asked_on, scan.assessed_on), coalesce(scan.assessed_on, moment_with_line.asked_on)
        ) as first_on,
        greatest(
            coalesce(moment_with_line.asked_on, scan.assessed_on), coalesce(scan.assessed_on, moment_with_line.asked_on)
        ) as last_on
    from moment_with_line
    inner join scan on moment_with_line.patient_id = scan.patient_id
    cross join study
    where
        date_diff('day', moment_with_line.asked_on, scan.assessed_on) <= study.pairing_days
        and date_diff('day', moment_with_line.asked_on, scan.assessed_on) >= -study.pairing_days
),

change as (
    select patient_id, assessed_on as changed_on, false as is_stop from seen where response = 'PD' and not is_uncalled
    union all
    select patient_id, started_on, false from line_of_therapy
    union all
    select patient_id, ended_on, true from line_of_therapy where ended_on is not null
    union all
    select patient_id, started_on, false from treatment_episode where kind in ('radiotherapy', 'ablation', 'surgery')
),

parted as (
    select distinct near.kind, near.moment_id, near.source_key
    from near
    inner join change
        on near.patient_id = change.patient_id and change.changed_on > near.first_on and change.changed_on < near.last_on
    -- A gap below 0: the scan came before the draw.
    where not (change.is_stop and near.response = 'PD' and near.gap_days < 0)
),

nearest as (
    select
        near.*,
        row_number() over (
            partition by near.kind, near.moment_id
            order by
                case when near.gap_days < 0 then -near.gap_days else near.gap_days end nulls last,
                near.gap_days nulls last,
                near.source_key nulls last
        ) as place
    from near
    left join parted
        on near.kind = parted.kind and near.moment_id = parted.moment_id and near.source_key = parted.source_key
    where near.is_of_line and parted.moment_id is null
),

imaged as (
    select distinct kind, moment_id from near
),

final as (
    select
        cast(moment.patient_id as varchar) as patient_id,
        cast(moment.kind as varchar) as kind,
        cast(moment.moment_id as varchar) as moment_id,
        cast(moment.sample_id as varchar) as sample_id,
        cast(moment.asked_on as date) as asked_on,
        cast(nearest.assessed_on as date) as assessed_on,
        cast(nearest.gap_days as integer) as gap_days,
        cast(moment.line as integer) as line,
        cast(nearest.response as varchar) as response,
        cast(moment.is_baseline_draw as boolean) as is_baseline_draw,
        cast(
            nearest.gap_days <= study.pairing_sensitivity_days
            and nearest.gap_days >= -study.pairing_sensitivity_days as boolean
        ) as is_within_sensitivity,
        cast(
            case
                when nearest.moment_id is not null then 'PAIRED'
                when imaged.moment_id is not null then 'CHANGE_BETWEEN'
                else 'NO_IMAGING'
            end as varchar
        ) as rule,
        cast(nearest.source_key as varchar) as response_key
    from moment_with_line as moment
    cross join study
    left join nearest on moment.kind = nearest.kind and moment.moment_id = nearest.moment_id and nearest.place = 1
    left join imaged on moment.kind = imaged.kind and moment.moment_id = imaged.moment_id
)

select * from final
