-- One row per patient and line of systemic therapy.
with in_lines as (
    select
        c.patient_id, c.line, c.source_key, c.recorded_line, k.started_on, k.ended_on, k.may_go_on, k.goes_on,
        k.start_reason, k.stop_reason, k.observed_until, k.died_on, h.n_pd_settled, h.last_dose_before_on,
        row_number() over (
            partition by c.patient_id, c.line order by k.started_on nulls last, c.source_key nulls last
        ) as place,
        row_number() over (
            partition by c.patient_id, c.line
            order by case when k.ended_on is null then 0 else 1 end nulls last, k.ended_on desc nulls last,
                k.started_on desc nulls last, c.source_key nulls last
        ) as place_from_end,
        case
            when min(c.derived_line) over (partition by c.patient_id, c.line)
                <> max(c.derived_line) over (partition by c.patient_id, c.line) then 1
            when c.lowest_in_group <> c.highest_in_group then 1
            else 0
        end as is_disagreeing
    from course_line as c
    inner join systemic_course as k on c.patient_id = k.patient_id and c.source_key = k.source_key
    inner join course_history as h on c.patient_id = h.patient_id and c.source_key = h.source_key
),
lines as (
    select
        patient_id, line, min(started_on) as started_on, max(ended_on) as ended_on,
        max(started_on) as last_started_on, max(observed_until) as observed_until, min(died_on) as died_on,
        max(case when ended_on is null and may_go_on then 1 else 0 end) as is_open,
        max(case when place = 1 then start_reason end) as start_reason,
        max(case when place_from_end = 1 then stop_reason end) as stop_reason,
        max(case when place = 1 then n_pd_settled end) as n_pd,
        max(case when place = 1 then last_dose_before_on end) as dose_before_on,
        max(case when place = 1 then source_key end) as source_key, count(recorded_line) as n_recorded,
        max(is_disagreeing) as is_disagreeing
    from in_lines
    group by patient_id, line
),
line_drugs as (
    select
        i.patient_id, i.line, array_to_string(list_sort(list(distinct d.agent)), ' + ') as agents,
        array_to_string(list_sort(list(distinct case when d.opens_line then d.drug_class end)), ' + ')
            as drug_class,
        min(case when d.drug_class = s.key_class then i.started_on end) as class_started_on,
        max(case when d.drug_class = s.key_class then i.ended_on end) as class_ended_on,
        max(case when d.drug_class = s.key_class and i.ended_on is null then 1 else 0 end) as is_class_open
    from line_course as i
    cross join study as s
    inner join course_drug as d on i.patient_id = d.patient_id and i.source_key = d.source_key
    group by i.patient_id, i.line
),
reasons as (
    select
        c.patient_id, i.line,
        max(case when c.rule = 'CONTINUES_CTDNA_GUIDED_SWITCH' then 1 else 0 end) as n_esr1,
        max(case when c.rule = 'CONTINUES_INDUCTION_MAINTENANCE' then 1 else 0 end) as n_induction,
        max(case when c.rule = 'CONTINUES_CLASS_ADDED_LATE' then 1 else 0 end) as n_late,
        max(case
            when c.rule in ('CONTINUES_CLASS_ADDED', 'CONTINUES_CLASS_ADDED_LATE') then c.days_apart
        end) as add_on_after_days,
        max(case
            when c.rule in ('CONTINUES_SWITCH_IN_CLASS', 'CONTINUES_INDUCTION_MAINTENANCE') then c.gap_days
        end) as switch_after_days
    from course_continuation as c
    inner join course_line as i on c.patient_id = i.patient_id and c.source_key = i.source_key
    inner join course_line as e
        on c.patient_id = e.patient_id and c.earlier_key = e.source_key and e.line = i.line
    group by c.patient_id, i.line
),
-- Same drugs as in the line before tell a pause from a change.
sequenced as (
    select
        l.*, d.agents, d.drug_class, d.class_started_on, d.class_ended_on, d.is_class_open,
        lead(l.started_on) over w as next_started_on,
        lag(d.agents) over w as agents_before, lag(l.n_pd) over w as n_pd_before,
        lag(l.line) over w as line_before
    from lines as l
    inner join line_drugs as d on l.patient_id = d.patient_id and l.line = d.line
    window w as (partition by l.patient_id order by l.started_on nulls last, l.line nulls last)
),
ended as (
    select
        *,
        is_open = 1 and next_started_on is null and died_on is null as is_ongoing,
        n_recorded > 0 and is_open = 0 and coalesce(next_started_on < ended_on, false) as is_overlapping,
        -- An open end is at the latest the start of the next line or the death; a recorded end is what was recorded.
        case
            when is_open = 0 and n_recorded = 0 and next_started_on < ended_on then next_started_on
            when is_open = 0 then ended_on
            when next_started_on is null or died_on < next_started_on then died_on
            else next_started_on
        end as line_ended_on
    from sequenced
),
last_dosed as (
    select
        e.*,
        coalesce(e.line_ended_on, case when e.is_ongoing then e.observed_until else e.last_started_on end)
            as last_dose_on
    from ended as e
),
-- The class may be stopped for toxicity while its partner goes on.
dosed as (
    select
        l.*,
        case
            when l.class_started_on is null then null
            when l.is_class_open = 0 and l.class_ended_on < l.last_dose_on then l.class_ended_on
            else l.last_dose_on
        end as class_last_dose_on
    from last_dosed as l
),
-- A progression up to scan_baseline_to_day after the next line began closed this one (clinical-decisions A1).
first_progressions as (
    select d.patient_id, d.line, min(g.progressed_on) as progressed_on
    from dosed as d
    cross join study as s
    inner join progression_day as g on d.patient_id = g.patient_id
        and g.progressed_on > d.started_on + s.scan_baseline_to_day
        and (d.next_started_on is null or g.progressed_on <= d.next_started_on + s.scan_baseline_to_day)
    group by d.patient_id, d.line
),
-- Treated beyond progression: doses more than the combination window after the first progression of the
-- line, or after a local treatment given on or after it (oligoprogression, clinical-decisions A14).
beyond as (
    select
        d.patient_id, d.line, f.progressed_on,
        max(case
            when date_diff('day', f.progressed_on, d.last_dose_on) > s.line_combination_days then 1
            when t.started_on < d.last_dose_on then 1
            else 0
        end) as n
    from dosed as d
    cross join study as s
    inner join first_progressions as f on d.patient_id = f.patient_id and d.line = f.line
    left join usable_treatment as t on d.patient_id = t.patient_id
        and t.kind in ('radiotherapy', 'ablation', 'surgery') and t.started_on >= f.progressed_on
    group by d.patient_id, d.line, f.progressed_on
),
final as (
    select
        cast(d.patient_id as varchar) as patient_id,
        cast(d.line as integer) as line,
        cast(d.started_on as date) as started_on,
        cast(d.class_started_on as date) as class_started_on,
        cast(d.last_dose_on as date) as last_dose_on,
        cast(d.class_last_dose_on as date) as class_last_dose_on,
        cast(case
            when s.key_class is null then date_diff('day', d.started_on, d.last_dose_on)
            else date_diff('day', d.class_started_on, d.class_last_dose_on)
        end as integer) as key_days,
        cast(d.line_ended_on as date) as ended_on,
        cast(d.is_ongoing as boolean) as is_ongoing,
        cast(n.regimen as varchar) as regimen,
        cast(d.agents as varchar) as agents,
        cast(nullif(d.drug_class, '') as varchar) as drug_class,
        cast(case when d.n_recorded > 0 then 'RECORDED' else 'DERIVED' end as varchar) as source,
        cast(d.start_reason as varchar) as start_reason,
        cast(case
            when d.is_ongoing then null
            when coalesce(d.stop_reason, 'unknown') = 'unknown' and d.line_ended_on = d.died_on then 'death'
            else d.stop_reason
        end as varchar) as stop_reason,
        cast(d.next_started_on as date) as next_started_on,
        cast(b.progressed_on as date) as progressed_on,
        cast(coalesce(b.n, 0) = 1 as boolean) as treated_beyond_progression,
        cast(coalesce(r.n_esr1, 0) = 1 as boolean) as is_esr1_guided_switch,
        cast(coalesce(r.n_induction, 0) = 1 as boolean) as is_induction_maintenance,
        cast(d.line = 1 and coalesce(r.n_induction, 0) = 1 as boolean) as is_after_induction,
        cast(coalesce(r.n_late, 0) = 1 as boolean) as needs_ruling,
        cast(r.add_on_after_days as integer) as add_on_after_days,
        cast(r.switch_after_days as integer) as switch_after_days,
        cast(date_diff('day', d.dose_before_on, d.started_on) as integer) as gap_days,
        cast(d.n_recorded > 0 and d.is_disagreeing = 1 as boolean) as recorded_disagrees,
        cast(case
            when d.is_overlapping then 'LINE_RECORDED_OVERLAPPING'
            when d.n_recorded > 0 then 'LINE_RECORDED'
            when d.line_before is null then 'LINE_FIRST'
            when d.n_pd > d.n_pd_before then 'LINE_AFTER_PROGRESSION'
            when d.agents = d.agents_before then 'LINE_AFTER_GAP'
            else 'LINE_NEW_DRUG'
        end as varchar) as rule,
        cast('treatment' as varchar) as source_table,
        cast(d.source_key as varchar) as source_key
    from dosed as d
    cross join study as s
    left join line_regimen as n on d.patient_id = n.patient_id and d.line = n.line
    left join reasons as r on d.patient_id = r.patient_id and d.line = r.line
    left join beyond as b on d.patient_id = b.patient_id and d.line = b.line
)
select * from final
