-- One row per patient and line with a progression: the two samples that can show what was acquired, or why not.
with line as (
    select
        progression.patient_id, progression.line, progression.progressed_on, line_of_therapy.started_on,
        line_of_therapy.next_started_on, max(earlier.started_on) as previous_started_on
    from line_progression as progression
    inner join line_of_therapy
        on progression.patient_id = line_of_therapy.patient_id and progression.line = line_of_therapy.line
    left join line_of_therapy as earlier
        on line_of_therapy.patient_id = earlier.patient_id and line_of_therapy.started_on > earlier.started_on
    group by
        progression.patient_id, progression.line, progression.progressed_on, line_of_therapy.started_on,
        line_of_therapy.next_started_on
),
found as (
    select sample_id, count(*) as n_found
    from usable_variant
    where status <> 'not_detected'
    group by sample_id
),
drawn as (
    select
        level.patient_id, level.sample_id, level.draw_no, level.collected_on, level.panel, level.is_valid,
        coalesce(level.tracks, 'unknown') = 'tumour_informed' as is_tumour_informed,
        coalesce(found.n_found, 0) as n_found,
        coalesce(level.status <> 'not_detected', false) as has_ctdna
    from ctdna_level as level
    left join found on level.sample_id = found.sample_id
    where level.draw_no is not null
),
-- The last sample up to the window of a baseline, else the first one the study still takes for it; none that was the
-- baseline of the line before.
earlier_sample as (
    select
        line.patient_id, line.line, drawn.sample_id, drawn.collected_on, drawn.draw_no, drawn.panel,
        drawn.is_tumour_informed,
        row_number() over (
            partition by line.patient_id, line.line
            order by
                case when drawn.collected_on <= line.started_on + study.draw_baseline_to_day then 0 else 1 end
                nulls last,
                case
                    when drawn.collected_on <= line.started_on + study.draw_baseline_to_day then -drawn.draw_no
                    else drawn.draw_no
                end nulls last
        ) as place
    from line
    cross join study
    inner join drawn
        on
            line.patient_id = drawn.patient_id and drawn.is_valid
            and drawn.collected_on <= line.started_on + study.acquired_baseline_to_day
            and drawn.collected_on < line.progressed_on + study.acquired_draw_from_day
    where
        line.previous_started_on is null
        or drawn.collected_on > line.previous_started_on + study.acquired_baseline_to_day
),
-- A draw on the day the next line starts is taken before its first dose, as everywhere (ctdna_timing).
later_sample as (
    select
        line.patient_id, line.line, drawn.sample_id, drawn.collected_on, drawn.draw_no, drawn.panel,
        drawn.is_tumour_informed, drawn.has_ctdna, drawn.is_valid,
        row_number() over (
            partition by line.patient_id, line.line
            order by
                case when drawn.is_valid then 0 else 1 end nulls last,
                abs(date_diff('day', line.progressed_on, drawn.collected_on)) nulls last,
                drawn.draw_no desc nulls last
        ) as place
    from line
    cross join study
    inner join drawn
        on
            line.patient_id = drawn.patient_id
            and drawn.collected_on >= line.progressed_on + study.acquired_draw_from_day
            and drawn.collected_on <= line.progressed_on + study.acquired_draw_to_day
            and drawn.collected_on > line.started_on
            and (line.next_started_on is null or drawn.collected_on <= line.next_started_on)
),
shared as (
    select earlier_sample.patient_id, earlier_sample.line, count(*) as n_genes_at_both
    from earlier_sample
    inner join later_sample
        on
            earlier_sample.patient_id = later_sample.patient_id and earlier_sample.line = later_sample.line
            and later_sample.place = 1
    inner join sample_gene as earlier on earlier_sample.sample_id = earlier.sample_id
    inner join sample_gene as later
        on
            later_sample.sample_id = later.sample_id and earlier.gene = later.gene
            and earlier.alteration = later.alteration
    where earlier_sample.place = 1
    group by earlier_sample.patient_id, earlier_sample.line
),
ruled as (
    select
        line.*, study.acquired_draw_from_day, study.acquired_draw_to_day, study.acquired_baseline_to_day,
        earlier_sample.sample_id as baseline_sample_id, earlier_sample.collected_on as baseline_on,
        earlier_sample.draw_no as baseline_no, earlier_sample.panel as baseline_panel,
        later_sample.sample_id as progression_sample_id,
        later_sample.collected_on as progression_draw_on, later_sample.draw_no as progression_no,
        later_sample.panel as progression_panel, coalesce(shared.n_genes_at_both, 0) as n_genes_at_both,
        case
            when later_sample.sample_id is null then 'PAIR_NO_PROGRESSION_SAMPLE'
            when not later_sample.is_valid then 'PAIR_NO_RESULT'
            when later_sample.is_tumour_informed or coalesce(earlier_sample.is_tumour_informed, false)
                then 'PAIR_TUMOUR_INFORMED'
            when earlier_sample.sample_id is null then 'PAIR_NO_BASELINE'
            when coalesce(shared.n_genes_at_both, 0) = 0 then 'PAIR_NOT_COVERED'
            when not later_sample.has_ctdna then 'PAIR_NO_CTDNA'
            else 'PAIR_ASSESSABLE'
        end as rule
    from line
    cross join study
    left join earlier_sample
        on
            line.patient_id = earlier_sample.patient_id and line.line = earlier_sample.line
            and earlier_sample.place = 1
    left join later_sample
        on
            line.patient_id = later_sample.patient_id and line.line = later_sample.line
            and later_sample.place = 1
    left join shared on line.patient_id = shared.patient_id and line.line = shared.line
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(line as integer) as line,
        cast(started_on as date) as started_on,
        cast(progressed_on as date) as progressed_on,
        cast(next_started_on as date) as next_started_on,
        cast(baseline_sample_id as varchar) as baseline_sample_id,
        cast(baseline_on as date) as baseline_on,
        cast(baseline_no as bigint) as baseline_no,
        cast(date_diff('day', started_on, baseline_on) as integer) as baseline_day_of_line,
        cast(baseline_panel as varchar) as baseline_panel,
        cast(progression_sample_id as varchar) as progression_sample_id,
        cast(progression_draw_on as date) as progression_draw_on,
        cast(progression_no as bigint) as progression_no,
        cast(date_diff('day', progressed_on, progression_draw_on) as integer) as days_from_progression,
        cast(progression_panel as varchar) as progression_panel,
        cast(n_genes_at_both as bigint) as n_genes_at_both,
        cast(acquired_baseline_to_day as integer) as baseline_until_day,
        cast(-acquired_draw_from_day as integer) as draw_days_before,
        cast(acquired_draw_to_day as integer) as draw_days_after,
        cast(rule = 'PAIR_ASSESSABLE' as boolean) as is_assessable,
        cast(rule as varchar) as rule
    from ruled
)
select * from final
