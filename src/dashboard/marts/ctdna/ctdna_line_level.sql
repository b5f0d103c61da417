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
        ) as previous_status
    from ctdna_level as level
    inner join ctdna_state as state on level.sample_id = state.sample_id
    where level.is_valid
),
-- As in a pair: a draw on the day a line began says what was before it.
draw_line as (
    select draw.sample_id, cast(max(coalesce(line_of_therapy.line, 0)) as integer) as line
    from draw
    left join line_of_therapy
        on draw.patient_id = line_of_therapy.patient_id and line_of_therapy.started_on < draw.collected_on
    group by draw.sample_id
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
-- The last draw before a line is what the line starts from.
member as (
    select sample_id, line from draw_line
    union
    select previous_sample_id, line from followed where previous_line <> line
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
        ) as n_clear
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
        cast(lowest.line as integer) as lowest_line
    from judged
    inner join draw_line on judged.sample_id = draw_line.sample_id and judged.line = draw_line.line
    left join lowest on judged.sample_id = lowest.sample_id
)
select * from final
