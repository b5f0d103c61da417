-- One row per patient and line of therapy with its regimens as written: all of them, and those of its last day.
with course as (
    select
        c.patient_id, c.line, c.source_key, k.regimen, k.started_on, k.goes_on,
        case when k.ended_on is null and k.may_go_on then 1 else 0 end as is_open,
        coalesce(k.ended_on, k.started_on) as last_on
    from course_line as c
    inner join systemic_course as k on c.patient_id = k.patient_id and c.source_key = k.source_key
),
lines as (
    select patient_id, line, max(is_open) as is_open, max(last_on) as last_on, min(source_key) as source_key
    from course
    group by patient_id, line
),
named as (
    select patient_id, line, regimen, min(started_on) as started_on from course
    where regimen is not null group by patient_id, line, regimen
),
-- Given on the last day of the line: what is open, else what ended last; and a course of an earlier line that is
-- recorded as going on.
last_given as (
    select c.patient_id, c.line, c.source_key, c.regimen, n.started_on
    from lines as l
    inner join course as c on l.patient_id = c.patient_id and l.line = c.line and l.is_open = c.is_open
    inner join named as n on c.patient_id = n.patient_id and c.line = n.line and c.regimen = n.regimen
    where l.is_open = 1 or c.last_on = l.last_on
    union all
    select c.patient_id, l.line, c.source_key, c.regimen, c.started_on
    from lines as l
    inner join course as c on l.patient_id = c.patient_id and c.line < l.line and c.goes_on
    where c.regimen is not null
),
drugs as (
    select g.patient_id, g.line, g.source_key, g.started_on, d.agent
    from last_given as g
    inner join course_drug as d on g.patient_id = d.patient_id and g.source_key = d.source_key
),
counted as (
    select patient_id, line, source_key, started_on, count(*) as n from drugs
    group by patient_id, line, source_key, started_on
),
-- A course of which every drug stands in another one is not said twice; of two alike the later one stays.
within_another as (
    select own.patient_id, own.line, own.source_key
    from counted as own
    inner join counted as other
        on own.patient_id = other.patient_id and own.line = other.line and own.source_key <> other.source_key
        and (
            other.n > own.n
            or (other.n = own.n and other.started_on > own.started_on)
            or (other.n = own.n and other.started_on = own.started_on and other.source_key > own.source_key)
        )
    inner join drugs as d
        on own.patient_id = d.patient_id and own.line = d.line and own.source_key = d.source_key
    inner join drugs as e
        on other.patient_id = e.patient_id and other.line = e.line and other.source_key = e.source_key
        and d.agent = e.agent
    group by own.patient_id, own.line, own.source_key, own.n, other.source_key
    having count(*) = own.n
),
said as (
    select g.patient_id, g.line, g.regimen, min(g.started_on) as started_on
    from last_given as g
    left join within_another as w
        on g.patient_id = w.patient_id and g.line = w.line and g.source_key = w.source_key
    where w.source_key is null
    group by g.patient_id, g.line, g.regimen
),
-- Sorted by the first day of each, which is then taken off.
every as (
    select
        patient_id, line,
        ' | ' || array_to_string(list_sort(list(cast(started_on as varchar) || ' ' || regimen)), ' | ') as dated
    from named group by patient_id, line
),
last_said as (
    select
        patient_id, line, max(started_on) as started_on,
        ' + ' || array_to_string(list_sort(list(cast(started_on as varchar) || ' ' || regimen)), ' + ') as dated
    from said group by patient_id, line
),
final as (
    select
        cast(l.patient_id as varchar) as patient_id,
        cast(l.line as integer) as line,
        cast(substring(regexp_replace(e.dated, ' [|] [0-9]{4}-[0-9]{2}-[0-9]{2} ', ' | ', 'g'), 4) as varchar)
            as regimen,
        cast(substring(regexp_replace(s.dated, ' [+] [0-9]{4}-[0-9]{2}-[0-9]{2} ', ' + ', 'g'), 4) as varchar)
            as last_regimen,
        cast(s.started_on as date) as last_regimen_on,
        cast('treatment' as varchar) as source_table,
        cast(l.source_key as varchar) as source_key
    from lines as l
    left join every as e on l.patient_id = e.patient_id and l.line = e.line
    left join last_said as s on l.patient_id = s.patient_id and l.line = s.line
)
select * from final
