-- One row per patient and draw with the ctDNA state as it was known on that draw; draw 0 for a patient without a draw.
with valid_draw as (
    select
        patient_id, draw_no, sample_id, collected_on, status, series_no, series_rule, level_metric,
        level_sum, level_n, quantity_kind, loq_ppm, is_baseline_candidate,
        case when status = 'not_detected' then 1 else 0 end as is_clear
    from ctdna_level
    where is_valid
),
-- Everything below looks back only: a later draw cannot change an earlier state.
counted as (
    select
        valid_draw.*,
        row_number() over (partition by patient_id, series_no order by draw_no nulls last) as n_valid,
        count(case when is_clear = 1 then 1 end) over (
            partition by patient_id, series_no order by draw_no nulls last
            rows between unbounded preceding and current row
        ) as n_clear,
        lag(collected_on) over (partition by patient_id, series_no order by draw_no nulls last) as previous_valid_on,
        min(draw_no) over (partition by patient_id, series_no) as first_draw_no,
        min(draw_no) over (partition by patient_id) as first_of_patient_no,
        max(case when is_baseline_candidate then draw_no end) over (
            partition by patient_id, series_no order by draw_no nulls last
            rows between unbounded preceding and current row
        ) as candidate_draw_no,
        min(level_sum) over (
            partition by patient_id, series_no, level_metric order by draw_no nulls last
            rows between unbounded preceding and current row
        ) as lowest_sum
    from valid_draw
),
-- Not-detected samples with the same number of detected ones before them are one run.
run as (
    select
        counted.*,
        count(*) over (
            partition by patient_id, series_no, n_valid - n_clear, is_clear order by draw_no nulls last
            rows between unbounded preceding and current row
        ) as n_run,
        min(collected_on) over (
            partition by patient_id, series_no, n_valid - n_clear, is_clear order by draw_no nulls last
            rows between unbounded preceding and current row
        ) as run_started_on
    from counted
),
-- level = level_sum / level_n; the baseline is that of A2 as far as known on this draw, else the first of the series.
compared as (
    select
        run.*, study.sustained_days, study.falling_numerator, study.falling_denominator, study.rising_factor,
        first_sample.is_clear as first_is_clear,
        reference.draw_no as reference_draw_no, reference.is_clear as reference_is_clear,
        reference.level_sum as baseline_sum, reference.level_n as baseline_n,
        case when reference.level_metric = run.level_metric then reference.level_sum end as same_baseline_sum,
        date_diff('day', run.run_started_on, run.collected_on) as run_days,
        run.loq_ppm is null or run.quantity_kind <> 'maf_ppm'
        or run.level_sum > run.loq_ppm * cast(run.level_n as decimal(9, 0)) as is_above_loq
    from run
    cross join study
    inner join valid_draw as first_sample
        on run.patient_id = first_sample.patient_id and run.first_draw_no = first_sample.draw_no
    inner join valid_draw as reference
        on
            run.patient_id = reference.patient_id
            and coalesce(run.candidate_draw_no, run.first_draw_no) = reference.draw_no
),
-- Cross-multiplied: rising when level / n >= factor * lowest / n (one n within a series and metric),
-- falling when level / n <= numerator / denominator * baseline / baseline n.
directed as (
    select
        compared.*,
        case
            when is_above_loq and level_sum >= lowest_sum * cast(rising_factor as decimal(9, 0)) then 'RISING'
            when
                level_sum * cast(falling_denominator * baseline_n as decimal(9, 0))
                <= same_baseline_sum * cast(falling_numerator * level_n as decimal(9, 0))
                then 'FALLING'
            when same_baseline_sum is not null and level_sum is not null then 'STABLE'
        end as level_direction
    from compared
),
-- clinical-decisions A3, in its order; the first match wins. Before treatment is before the index treatment
-- (docs/decisions 0018).
ruled as (
    select
        directed.*,
        case
            when n_valid = 1 and series_no > 1 then series_rule
            when n_valid = 1 and is_clear = 1 then 'BASELINE_ONLY_NOT_DETECTED'
            when n_valid = 1 then 'BASELINE_ONLY_DETECTED'
            when first_is_clear = 1 and n_clear < n_valid and is_clear = 1 then 'NEWLY_DETECTED_CLEAR_AGAIN'
            when first_is_clear = 1 and n_clear < n_valid then 'NEWLY_DETECTED'
            when first_is_clear = 1 and series_no > 1 then 'NOT_DETECTED_SINCE_CHANGE'
            when first_is_clear = 1 and candidate_draw_no is not null then 'NEVER_DETECTED'
            when first_is_clear = 1 then 'NEVER_DETECTED_ON_TX'
            when is_clear = 1 and n_run >= 2 and run_days >= sustained_days then 'CLEARED_SUSTAINED'
            when is_clear = 1 and n_run >= 2 then 'CLEARED_SHORT_RUN'
            when is_clear = 1 then 'CLEARED_ONE_SAMPLE'
            when n_clear > 0 then 'REDETECTED'
            when level_direction = 'RISING' then 'PERSISTENT_RISING'
            when level_direction = 'FALLING' then 'PERSISTENT_FALLING'
            when level_direction = 'STABLE' then 'PERSISTENT_STABLE'
            else 'PERSISTENT_NO_RATIO'
        end as rule
    from directed
),
stated as (
    select
        ruled.*,
        case
            when rule in ('ASSAY_CHANGED', 'QUANTITY_CHANGED', 'TRACKED_SET_CHANGED') then 'NOT_EVALUABLE'
            when rule in ('BASELINE_ONLY_NOT_DETECTED', 'BASELINE_ONLY_DETECTED') then 'BASELINE_ONLY'
            when rule in ('NEWLY_DETECTED', 'NEWLY_DETECTED_CLEAR_AGAIN') then 'NEWLY_DETECTED'
            when rule = 'NOT_DETECTED_SINCE_CHANGE' and candidate_draw_no is not null then 'NEVER_DETECTED'
            when rule = 'NOT_DETECTED_SINCE_CHANGE' then 'NEVER_DETECTED_ON_TX'
            when rule in ('CLEARED_ONE_SAMPLE', 'CLEARED_SHORT_RUN') then 'CLEARED_UNCONFIRMED'
            when rule like 'PERSISTENT%' then 'PERSISTENT'
            else rule
        end as state,
        case when n_valid > 1 and n_clear = 0 then level_direction end as direction,
        -- "Newly detected" looks back at the first draw of the series, which the baseline need not be.
        case
            when candidate_draw_no is not null and (reference_is_clear = 1 or rule not like 'NEWLY_DETECTED%')
                then 'BASELINE'
            when first_draw_no = first_of_patient_no then 'FIRST_DRAW'
            else 'FIRST_OF_ASSAY'
        end as reference
    from ruled
),
-- No filter: it would be asked of every step above, and their cases worked out once more for each.
progressed as (
    select
        stated.patient_id,
        min(case
            when
                (stated.state in ('NEWLY_DETECTED', 'REDETECTED') or stated.direction = 'RISING')
                and stated.is_clear = 0
                -- A rise between two draws before treatment is no progression on it.
                and (baseline.draw_no is null or stated.draw_no > baseline.draw_no)
                then stated.draw_no
        end) as progression_draw_no
    from stated
    left join ctdna_level as baseline on stated.patient_id = baseline.patient_id and baseline.is_baseline
    group by stated.patient_id
),
-- A draw without a result repeats the state of the valid draw before it.
draw as (
    select
        patient_id, draw_no, sample_id, collected_on, status, is_valid, is_outweighed,
        max(case when is_valid then draw_no end) over (
            partition by patient_id order by draw_no nulls last rows between unbounded preceding and current row
        ) as valid_draw_no,
        max(draw_no) over (partition by patient_id) as last_draw_no
    from ctdna_level
    where draw_no is not null
    union all
    select
        patient_id, cast(0 as integer) as draw_no, cast(null as varchar) as sample_id,
        cast(null as date) as collected_on, cast(null as varchar) as status, cast(false as boolean) as is_valid,
        cast(false as boolean) as is_outweighed,
        cast(null as integer) as valid_draw_no,
        cast(0 as integer) as last_draw_no
    from usable_patient
    where patient_id not in (select patient_id from ctdna_level where draw_no is not null)
),
final as (
    select
        cast(draw.patient_id as varchar) as patient_id,
        cast(draw.draw_no as integer) as draw_no,
        cast(draw.sample_id as varchar) as sample_id,
        cast(draw.collected_on as date) as collected_on,
        cast(draw.status as varchar) as status,
        cast(draw.is_valid as boolean) as is_valid,
        cast(case when draw.draw_no = 0 then 'NO_SAMPLE' else coalesce(stated.state, 'NOT_EVALUABLE') end as varchar)
            as state,
        cast(stated.direction as varchar) as direction,
        cast(stated.series_no as integer) as series_no,
        cast(stated.n_valid as bigint) as n_valid,
        cast(stated.reference as varchar) as reference,
        cast(stated.reference_draw_no as integer) as reference_draw_no,
        cast(stated.baseline_sum as decimal(28, 12)) as baseline_level_sum,
        cast(stated.baseline_n as bigint) as baseline_level_n,
        cast(stated.lowest_sum as decimal(28, 12)) as lowest_level_sum,
        cast(stated.level_n as bigint) as lowest_level_n,
        cast(case when draw.is_valid then stated.level_sum end as decimal(28, 12)) as level_sum,
        cast(case when draw.is_valid then stated.level_n end as bigint) as level_n,
        cast(case when stated.is_clear = 1 then stated.n_run end as bigint) as n_not_detected_run,
        cast(case when stated.is_clear = 1 then stated.run_started_on end as date) as run_started_on,
        cast(case when stated.is_clear = 1 then stated.run_days end as integer) as run_days,
        cast(draw.draw_no = coalesce(progressed.progression_draw_no, -1) as boolean) as is_molecular_progression,
        cast(draw.draw_no = draw.last_draw_no as boolean) as is_latest,
        cast(case when draw.is_valid then stated.previous_valid_on else stated.collected_on end as date)
            as previous_valid_on,
        cast(
            case
                when draw.draw_no = 0 then 'NO_SAMPLE'
                when draw.is_valid then stated.rule
                when draw.is_outweighed then 'OUTWEIGHED_SAME_DAY'
                when stated.state is null then 'NO_VALID_RESULT_YET'
                else 'NO_NEW_RESULT'
            end as varchar
        ) as rule
    from draw
    left join stated on draw.patient_id = stated.patient_id and draw.valid_draw_no = stated.draw_no
    left join progressed on draw.patient_id = progressed.patient_id
)
select * from final
