-- One row per patient and thing about ctDNA that is not known: no sample, no result yet, a failed sample, no pre-treatment
-- sample, nothing of the latest line, no new variants to be seen.
with draw as (
    select
        level.*,
        row_number() over (partition by level.patient_id order by level.draw_no desc nulls last) as place,
        row_number() over (
            partition by level.patient_id, level.status order by level.draw_no desc nulls last
        ) as status_place,
        count(*) over (partition by level.patient_id) as n_draws,
        count(case when level.is_valid then 1 end) over (partition by level.patient_id) as n_valid,
        row_number() over (
            partition by level.patient_id, level.is_valid order by level.draw_no desc nulls last
        ) as valid_place
    from ctdna_level as level
    where level.draw_no is not null
),

declined as (
    select patient_id, min(happened_on) as happened_on, min(nullif(reason, '')) as reason, min(row_key) as row_key
    from usable_disposition
    where kind = 'ctdna_declined'
    group by patient_id
),

-- Weekdays from the day after the draw to the data cut; 1 January 1900 was a Monday. Holidays are counted.
pending_span as (
    select
        draw.*, summary.observed_until,
        date_diff('day', cast('1900-01-01' as date), draw.collected_on) + 1 as from_day,
        date_diff('day', cast('1900-01-01' as date), summary.observed_until) + 1 as to_day
    from draw
    inner join patient_summary as summary on draw.patient_id = summary.patient_id
    where draw.status = 'pending'
),

pending as (
    select
        pending_span.*,
        5 * (to_day // 7) + case when to_day - 7 * (to_day // 7) > 5 then 5 else to_day - 7 * (to_day // 7) end
        - 5 * (from_day // 7) - case when from_day - 7 * (from_day // 7) > 5 then 5 else from_day - 7 * (from_day // 7) end
            as working_days
    from pending_span
    where status_place = 1
),

treatment_in_force as (
    select
        draw.sample_id, episode.label,
        row_number() over (
            partition by draw.sample_id order by episode.started_on desc nulls last, episode.source_key nulls last
        ) as place
    from draw
    inner join treatment_episode as episode
        on
            draw.patient_id = episode.patient_id and episode.kind = 'systemic' and episode.label <> episode.kind
            and draw.timing_line = episode.line and episode.started_on <= draw.collected_on
    where draw.baseline_rule = 'BASELINE_FIRST_VALID'
),

-- What the latest line has of its own: a draw from the first day on that counts as a baseline (A2) up to its end, a baseline
-- among them; else the first draw after its end.
on_latest_line as (
    select
        summary.patient_id, summary.current_line as line, summary.current_regimen as label, line.started_on,
        line.ended_on, study.index_origin = 'line' as has_line_window, coalesce(summary.current_line = summary.index_line, false) as is_index_line,
        max(case when draw.baseline_rule = 'BASELINE_FIRST_VALID' then 1 else 0 end) as is_first_valid,
        max(draw.draw_no) as last_no,
        min(
            case
                when
                    draw.collected_on >= line.started_on + study.draw_baseline_from_day
                    and coalesce(draw.collected_on <= line.ended_on, true)
                    then draw.draw_no
            end
        ) as own_no,
        min(case when draw.collected_on > line.ended_on then draw.draw_no end) as after_no,
        count(
            case
                when
                    date_diff('day', line.started_on, draw.collected_on)
                    between study.draw_baseline_from_day and study.draw_baseline_to_day
                    then 1
            end
        ) as n_baseline
    from patient_summary as summary
    inner join line_of_therapy as line
        on summary.patient_id = line.patient_id and summary.current_line = line.line
    inner join draw on summary.patient_id = draw.patient_id and draw.is_valid
    cross join study
    group by
        summary.patient_id, summary.current_line, summary.current_regimen, summary.index_line, study.index_origin,
        line.started_on, line.ended_on
),

-- Of the index line the statement on its pre-treatment sample says it; where the study's baseline is that of local
-- treatment its window is none of a line.
line_gap as (
    select
        *, coalesce(own_no, after_no, last_no) as said_no,
        case when own_no is null and after_no is not null then ended_on else started_on end as counted_from_on,
        case
            when own_no is not null then 'LINE_NO_BASELINE'
            when after_no is not null then 'LINE_RESULT_AFTER_END'
            else 'LINE_NO_RESULT'
        end as rule
    from on_latest_line
    where
        n_baseline = 0
        and (own_no is null or (has_line_window and not (is_index_line and is_first_valid = 1)))
),

statement as (
    select
        summary.patient_id, 10 as place, 'NO_CTDNA' as statement,
        case
            when declined.patient_id is null then 'NO_CTDNA'
            when declined.reason is null then 'NO_CTDNA_DECLINED'
            else 'NO_CTDNA_REASON'
        end as rule,
        declined.happened_on as day_on, cast(null as date) as other_on, cast(null as integer) as days,
        cast(null as bigint) as n, cast(null as integer) as line, declined.reason as label,
        case when declined.patient_id is null then 'patient' else 'disposition' end as source_table,
        coalesce(declined.row_key, summary.source_key) as source_key
    from patient_summary as summary
    inner join ctdna_state as state on summary.patient_id = state.patient_id and state.state = 'NO_SAMPLE'
    left join declined on summary.patient_id = declined.patient_id
    union all
    select
        pending.patient_id, 12, 'RESULT_PENDING',
        case
            when pending.working_days > study.result_pending_working_days then 'RESULT_PENDING_LATE'
            else 'RESULT_PENDING'
        end,
        pending.collected_on, null, pending.working_days, study.result_pending_working_days, null, null,
        pending.source_table, pending.source_key
    from pending
    cross join study
    union all
    select
        patient_id, 14, 'SAMPLE_FAILED',
        case
            when n_valid > 0 then 'SAMPLE_FAILED'
            when n_draws = 1 then 'ONLY_SAMPLE_FAILED'
            else 'NO_SAMPLE_WITH_RESULT'
        end || case when failure_reason is null then '' else '_REASON' end,
        collected_on, null, null, n_draws, null, failure_reason, source_table, source_key
    from draw where place = 1 and status = 'failed'
    union all
    select
        draw.patient_id, 16, 'NO_PRE_TREATMENT',
        case
            when study.index_origin = 'local_therapy' and draw.days_from_first_local > 0 then 'NO_PRE_TREATMENT_LOCAL'
            when draw.baseline_timing = 'OTHER_LINE' then 'NO_PRE_TREATMENT_OTHER_LINE'
            when draw.draw_timing = 'ON_TREATMENT' and draw.day_of_line is not null and treatment.label is not null
                then 'NO_PRE_TREATMENT_ON'
            when draw.draw_timing = 'ON_TREATMENT' and draw.day_of_line is not null then 'NO_PRE_TREATMENT_ON_LINE'
            when draw.draw_timing = 'UNKNOWN' then 'NO_PRE_TREATMENT_UNKNOWN'
            else 'NO_PRE_TREATMENT_OFF'
        end,
        draw.collected_on, null,
        case
            when study.index_origin = 'local_therapy' and draw.days_from_first_local > 0
                then draw.days_from_first_local
            else draw.day_of_line
        end,
        null, case when draw.baseline_timing = 'OTHER_LINE' then draw.timing_line else draw.line end, treatment.label,
        draw.source_table, draw.source_key
    from draw
    cross join study
    left join treatment_in_force as treatment on draw.sample_id = treatment.sample_id and treatment.place = 1
    where draw.baseline_rule = 'BASELINE_FIRST_VALID'
    union all
    select
        line_gap.patient_id, 17, 'LINE_CTDNA', line_gap.rule, draw.collected_on, line_gap.started_on,
        abs(date_diff('day', line_gap.counted_from_on, draw.collected_on)), null, line_gap.line, line_gap.label,
        draw.source_table, draw.source_key
    from line_gap
    inner join draw on line_gap.patient_id = draw.patient_id and line_gap.said_no = draw.draw_no
    union all
    select
        patient_id, 70, 'NEW_NOT_ASSESSABLE', 'NEW_NOT_ASSESSABLE', collected_on, null, null, n_variants, null, panel,
        source_table, source_key
    from draw where is_valid and valid_place = 1 and tracks = 'tumour_informed'
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
        cast(line as integer) as line,
        cast(label as varchar) as label,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from statement
)

select * from final
