-- One row per systemic course with the line it belongs to.
with continuing as (select distinct patient_id, source_key from course_continuation),
-- First pass: a course that continues nothing opens a line unless it joins one within the combination window.
first_new as (
    select h.patient_id, h.source_key, h.started_on, h.n_pd, h.n_pd_settled
    from course_history as h
    left join continuing as c on h.patient_id = c.patient_id and h.source_key = c.source_key
    where c.source_key is null
),
first_chain as (
    select
        f.*,
        case
            when date_diff('day', lag(f.started_on) over w, f.started_on) <= s.line_combination_days
                and f.n_pd <= lag(f.n_pd_settled) over w then 0
            else 1
        end as is_start
    from first_new as f
    cross join study as s
    window w as (partition by f.patient_id order by f.started_on nulls last, f.source_key nulls last)
),
first_openers as (select distinct patient_id, started_on from first_chain where is_start = 1),
drafted as (
    select h.patient_id, h.source_key, max(o.started_on) as line_started_on
    from course_history as h
    inner join first_openers as o on h.patient_id = o.patient_id and o.started_on <= h.started_on
    group by h.patient_id, h.source_key
),
-- Second pass: only a course of the line in force, or one still running when it began, can be continued.
still_continuing as (
    select distinct c.patient_id, c.source_key
    from course_continuation as c
    inner join drafted as d on c.patient_id = d.patient_id and c.source_key = d.source_key
    where c.earlier_started_on >= d.line_started_on or c.earlier_ended_on > d.line_started_on
),
new_courses as (
    select h.patient_id, h.source_key, h.started_on, h.n_pd, h.n_pd_settled
    from course_history as h
    left join still_continuing as c on h.patient_id = c.patient_id and h.source_key = c.source_key
    where c.source_key is null
),
chain as (
    select
        n.*,
        case
            when date_diff('day', lag(n.started_on) over w, n.started_on) <= s.line_combination_days
                and n.n_pd <= lag(n.n_pd_settled) over w then 0
            else 1
        end as is_start
    from new_courses as n
    cross join study as s
    window w as (partition by n.patient_id order by n.started_on nulls last, n.source_key nulls last)
),
islands as (
    select
        *, cast(sum(is_start) over (
            partition by patient_id order by started_on nulls last, source_key nulls last
            rows between unbounded preceding and current row
        ) as bigint) as island
    from chain
),
windowed as (
    select *, min(started_on) over (partition by patient_id, island) as island_on from islands
),
-- The window counts from the first drug, not from the one before: the first new drug beyond it opens a line.
opening as (
    select
        w.patient_id, w.island, w.island_on as started_on,
        min(case
            when date_diff('day', w.island_on, w.started_on) > s.line_combination_days then w.started_on
        end) as beyond_on
    from windowed as w
    cross join study as s
    group by w.patient_id, w.island, w.island_on
),
openers as (
    select patient_id, started_on from opening
    union
    select patient_id, beyond_on from opening where beyond_on is not null
),
grouped as (
    select h.patient_id, h.source_key, count(o.started_on) as derived_line
    from course_history as h
    inner join openers as o on h.patient_id = o.patient_id and o.started_on <= h.started_on
    group by h.patient_id, h.source_key
),
recorded as (
    select
        k.patient_id, k.source_key, k.recorded_line, g.derived_line,
        max(k.recorded_line) over (
            partition by k.patient_id, g.derived_line
            order by k.started_on nulls last, k.source_key nulls last
            rows between unbounded preceding and current row
        ) as line_so_far,
        min(k.recorded_line) over (partition by k.patient_id, g.derived_line) as lowest_in_group,
        max(k.recorded_line) over (partition by k.patient_id, g.derived_line) as highest_in_group
    from systemic_course as k
    inner join grouped as g on k.patient_id = g.patient_id and k.source_key = g.source_key
),
groups as (
    select patient_id, derived_line, max(recorded_line) as recorded_line
    from recorded group by patient_id, derived_line
),
neighbours as (
    select
        *,
        max(recorded_line) over (
            partition by patient_id order by derived_line nulls last
            rows between unbounded preceding and 1 preceding
        ) as line_before,
        min(recorded_line) over (
            partition by patient_id order by derived_line nulls last
            rows between 1 following and unbounded following
        ) as line_after,
        max(case when recorded_line is not null then derived_line end) over (
            partition by patient_id order by derived_line nulls last
            rows between unbounded preceding and 1 preceding
        ) as group_before
    from groups
),
-- A recorded line wins. A group nobody numbered takes the next free number, else joins the line before it.
placed as (
    select
        r.*,
        case
            when r.recorded_line is not null then r.recorded_line
            when n.recorded_line is not null then coalesce(r.line_so_far, r.lowest_in_group)
            when n.line_after is null
                or coalesce(n.line_before, 0) + n.derived_line - coalesce(n.group_before, 0) < n.line_after
                then coalesce(n.line_before, 0) + n.derived_line - coalesce(n.group_before, 0)
            else n.line_before
        end as line
    from recorded as r
    inner join neighbours as n on r.patient_id = n.patient_id and r.derived_line = n.derived_line
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(line as integer) as line,
        cast(recorded_line as integer) as recorded_line,
        cast(derived_line as integer) as derived_line,
        cast(lowest_in_group as integer) as lowest_in_group,
        cast(highest_in_group as integer) as highest_in_group,
        cast('treatment' as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from placed
    where line is not null
)
select * from final
