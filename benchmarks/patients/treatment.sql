-- One row per course: up to three lines, in some the class added to endocrine therapy, in some a reduced dose.
with lines as (
    select
        p.*, l.line,
        enrolled_on + 3 + 300 * (l.line - 1) + 7 * chance(patient_id, 'start' || l.line, 20) as started_on
    from usable_patient as p
    cross join (values (1), (2), (3)) as l(line)
    where l.line <= 1 + chance(patient_id, 'lines', 3)
),
ended as (
    select *, lead(started_on) over (partition by patient_id order by line) - 14 as ended_on from lines
    where started_on <= observed_until
),
courses as (
    select
        *, 'T' || line as treatment_id, 'systemic' as kind, cast(null as varchar) as part_of,
        case line
            when 1 then case when chance(patient_id, 'added', 3) = 0 then 'letrozole' else 'letrozole + palbociclib' end
            when 2 then 'fulvestrant'
            else 'capecitabine'
        end as agents
    from ended
    union all
    select * replace (started_on + 28 as started_on), 'T1B', 'systemic', null, 'letrozole + palbociclib'
    from ended where line = 1 and chance(patient_id, 'added', 3) = 0 and started_on + 28 < observed_until
    union all
    select * replace (started_on + 60 as started_on), 'T1R', 'dose_reduction', 'T1', 'palbociclib'
    from ended where line = 1 and chance(patient_id, 'reduced', 3) = 0 and started_on + 60 < observed_until
    union all
    select * replace (started_on + 20 as started_on, started_on + 24 as ended_on), 'L1', 'radiotherapy', null, null
    from ended where line = 1 and chance(patient_id, 'local', 10) = 0
)
select
    patient_id, treatment_id, kind, part_of, agents,
    case when kind = 'systemic' and chance(patient_id, 'recorded', 2) = 0 then line end as line,
    case when kind = 'systemic' then 'metastatic' end as intent,
    case when kind = 'radiotherapy' then 'sbrt' end as modality,
    started_on, ended_on, ended_on is null as is_ongoing,
    case when ended_on is not null and chance(patient_id, 'stop' || line, 3) > 0 then 'progression' end as stop_reason,
    patient_id || ' | ' || treatment_id as row_key,
    'treatment.csv' as source_file, 0 as source_row, 1 as n_copies
from courses
