-- One row per valid ctDNA draw: the line of therapy it belongs to, and how its level stands to the others of that line.
-- States compare with the lowest of all lines (clinical-decisions A3); beside imaging of a line only its own draws count
-- (clinical-decisions A12, docs/decisions 0020).
with draw as (
    select
        level.patient_id, level.sample_id, level.draw_no, level.collected_on, level.status, level.series_no,
        level.level_metric, level.level_sum, level.level_n, state.lowest_level_sum,
        case when level.status = 'not_detected' then 1 else 0 end as is_clear,
        level.loq_ppm is null or level.quantity_kind <> 'maf_ppm'
        or level.level_sum > level.loq_ppm * cast(level.level_n as decimal(9, 0)) as is_above_loq,
        lag(level.status) over (
            partition by level.patient_id, level.series_no order by level.draw_no nulls last
        ) as previous_status,
        lag(level.draw_no) over (
            partition by level.patient_id, level.series_no order by level.draw_no nulls last
        ) as previous_draw_no
    from ctdna_level as level
    inner join ctdna_state as state on level.sample_id = state.sample_id
    where level.is_valid
),
-- As in a pair: a draw on the day a line began says what was before it.
begun as (
    select draw.sample_id, cast(max(coalesce(line_of_therapy.line, 0)) as integer) as line
    from draw
    left join line_of_therapy
        on draw.patient_id = line_of_therapy.patient_id and line_of_therapy.started_on < draw.collected_on
    group by draw.sample_id
),
draw_line as (
    select begun.sample_id, begun.line, coalesce(line_of_therapy.ended_on < draw.collected_on, false) as is_after_line
    from begun
    inner join draw on begun.sample_id = draw.sample_id
    left join line_of_therapy
        on draw.patient_id = line_of_therapy.patient_id and begun.line = line_of_therapy.line
),
followed as (
    select
        draw_line.sample_id, draw_line.line,
        lag(draw_line.sample_id) over (
            partition by draw.patient_id, draw.series_no order by draw.draw_no nulls last
        ) as previous_sample_id,
        lag(draw_line.line) over (
            partition by draw.patient_id, draw.series_no order by draw.draw_no nulls last
        ) as previous_line
    from draw_line
    inner join draw on draw_line.sample_id = draw.sample_id
),
-- The last draw before a line is what the line starts from, if it lies in the window before it (A2): an older one says
-- nothing of this line.
member as (
    select sample_id, line from draw_line
    union
    select followed.previous_sample_id, followed.line
    from followed
    cross join study
    inner join draw on followed.previous_sample_id = draw.sample_id
    inner join line_of_therapy
        on draw.patient_id = line_of_therapy.patient_id and followed.line = line_of_therapy.line
    where
        followed.previous_line <> followed.line
        and draw.collected_on >= line_of_therapy.started_on + study.draw_baseline_from_day
),
beside as (
    select
        draw.*, member.line,
        row_number() over (
            partition by draw.patient_id, draw.series_no, draw.level_metric, member.line order by draw.draw_no nulls last
        ) as place,
        first_value(draw.level_sum) over (
            partition by draw.patient_id, draw.series_no, draw.level_metric, member.line order by draw.draw_no nulls last
        ) as first_sum,
        min(draw.level_sum) over (
            partition by draw.patient_id, draw.series_no, draw.level_metric, member.line order by draw.draw_no nulls last
            rows between unbounded preceding and current row
        ) as lowest_sum,
        lag(draw.level_sum) over (
            partition by draw.patient_id, draw.series_no, draw.level_metric, member.line order by draw.draw_no nulls last
        ) as previous_sum,
        cast(
            sum(draw.is_clear) over (
                partition by draw.patient_id, draw.series_no, member.line order by draw.draw_no nulls last
                rows between unbounded preceding and current row
            ) as bigint
        ) as n_clear,
        max(case when draw.is_clear = 1 then draw.draw_no end) over (
            partition by draw.patient_id, draw.series_no, member.line order by draw.draw_no nulls last
            rows between unbounded preceding and current row
        ) as clear_draw_no
    from draw
    inner join member on draw.sample_id = member.sample_id
),
-- Where the levels of the line last stopped falling.
turned as (
    select
        beside.*,
        max(case when previous_sum is null or level_sum >= previous_sum then place end) over (
            partition by patient_id, series_no, level_metric, line order by draw_no nulls last
            rows between unbounded preceding and current row
        ) as peak_place,
        max(case when previous_sum is null or level_sum >= previous_sum then collected_on end) over (
            partition by patient_id, series_no, level_metric, line order by draw_no nulls last
            rows between unbounded preceding and current row
        ) as peak_on
    from beside
),
-- Twice the lowest or more and above the LoQ (clinical-decisions, states of ctDNA); the factor is the study's.
judged as (
    select
        turned.*, study.falling_numerator, study.falling_denominator,
        turned.is_clear = 0 and coalesce(
            turned.is_above_loq
            and turned.level_sum >= turned.lowest_sum * cast(study.rising_factor as decimal(9, 0)), false
        ) as is_twice_lowest
    from turned
    cross join study
),
lowest as (
    select draw.sample_id, max(placed.line) as line
    from draw
    inner join draw as low
        on
            draw.patient_id = low.patient_id and draw.series_no = low.series_no and low.draw_no <= draw.draw_no
            and draw.level_metric = low.level_metric and draw.lowest_level_sum = low.level_sum
    inner join draw_line as placed on low.sample_id = placed.sample_id
    group by draw.sample_id
),
-- The draw that a rise on the line is over: the one not detected, else the lowest, of equal ones the last.
low_draw as (
    select
        judged.sample_id, judged.line,
        coalesce(
            case when judged.previous_status = 'not_detected' then judged.previous_draw_no end,
            judged.clear_draw_no,
            max(low.draw_no)
        ) as low_draw_no,
        max(low.draw_no) as lowest_draw_no
    from judged
    left join beside as low
        on
            judged.patient_id = low.patient_id and judged.series_no = low.series_no and judged.line = low.line
            and judged.level_metric = low.level_metric and judged.lowest_sum = low.level_sum
            and low.draw_no < judged.draw_no
    where judged.is_clear = 0
    group by judged.sample_id, judged.line, judged.previous_status, judged.previous_draw_no, judged.clear_draw_no
),
final as (
    select
        cast(judged.patient_id as varchar) as patient_id,
        cast(judged.sample_id as varchar) as sample_id,
        cast(judged.line as integer) as line,
        cast(judged.lowest_sum as decimal(28, 12)) as lowest_level_sum,
        cast(judged.level_n as bigint) as lowest_level_n,
        cast(judged.n_clear as bigint) as n_not_detected,
        cast(judged.is_twice_lowest as boolean) as is_twice_lowest,
        cast(
            case
                when judged.is_clear = 1 then 'NOT_DETECTED'
                when judged.n_clear > 0 or coalesce(judged.previous_status, '') = 'not_detected' then 'UP'
                when judged.is_twice_lowest then 'UP'
                when judged.place = 1 or judged.level_sum is null then 'DETECTED'
                when
                    judged.level_sum * cast(judged.falling_denominator as decimal(9, 0))
                    <= judged.first_sum * cast(judged.falling_numerator as decimal(9, 0)) then 'FALLING'
                else 'STABLE'
            end as varchar
        ) as course,
        cast(case when judged.place - judged.peak_place >= 2 then date_diff('day', judged.peak_on, judged.collected_on) end as integer)
            as falling_days,
        cast(lowest.line as integer) as lowest_line,
        cast(draw_line.is_after_line as boolean) as is_after_line,
        cast(low.sample_id as varchar) as over_sample_id,
        cast(placed.line as integer) as over_line,
        cast(placed.is_after_line as boolean) as is_over_after_line,
        cast(coalesce(lowest_place.line <> judged.line, false) as boolean) as is_lowest_before_line
    from judged
    inner join draw_line on judged.sample_id = draw_line.sample_id and judged.line = draw_line.line
    left join lowest on judged.sample_id = lowest.sample_id
    left join low_draw on judged.sample_id = low_draw.sample_id and judged.line = low_draw.line
    left join draw as low on judged.patient_id = low.patient_id and low_draw.low_draw_no = low.draw_no
    left join draw_line as placed on low.sample_id = placed.sample_id
    left join draw as lowest_one
        on judged.patient_id = lowest_one.patient_id and low_draw.lowest_draw_no = lowest_one.draw_no
    left join draw_line as lowest_place on lowest_one.sample_id = lowest_place.sample_id
)
select * from final
