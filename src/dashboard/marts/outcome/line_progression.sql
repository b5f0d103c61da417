-- One row per patient and line of therapy with a progression: the day of the first, radiological or clinical, and what
-- is on record after the line.
with progressed as (
    select patient_id, line, min(occurred_on) as progressed_on
    from milestone
    where kind in ('radiological_progression', 'clinical_progression') and line > 0
    group by patient_id, line
),

after_line as (
    select
        progressed.patient_id, progressed.line, progressed.progressed_on,
        max(case when milestone.kind = 'line_start' then 1 else 0 end) as has_started,
        max(case when milestone.kind = 'death' then 1 else 0 end) as has_died
    from progressed
    left join milestone
        on
            progressed.patient_id = milestone.patient_id
            and (
                milestone.kind = 'death'
                or (milestone.kind = 'line_start' and milestone.line = progressed.line + 1)
            )
    group by progressed.patient_id, progressed.line, progressed.progressed_on
)

select
    cast(patient_id as varchar) as patient_id,
    cast(line as integer) as line,
    cast(progressed_on as date) as progressed_on,
    cast(
        case when has_started = 1 then 'NEXT_LINE' when has_died = 1 then 'DIED' else 'NOT_RECORDED' end as varchar
    ) as what_followed
from after_line
