-- One row per patient and record of a target lesion, with the visit it is counted for.
with treated as (
    select t.patient_id, t.lesion_id from usable_treatment as t
    inner join usable_patient as p on t.patient_id = p.patient_id
    where t.lesion_id is not null and t.started_on <= p.observed_until
    union
    select l.patient_id, l.lesion_id from usable_lesion as l
    inner join usable_patient as p on l.patient_id = p.patient_id
    where l.role = 'treated' and l.assessed_on <= p.observed_until
),
-- RECIST 1.1 section 4.3.2: a lesion too small to measure counts 5 mm, one that has gone 0 mm. After local
-- treatment the lesions treated are no targets (decision A5).
targets as (
    select
        l.patient_id, l.lesion_id, l.visit, l.assessed_on, l.row_key, coalesce(l.is_node, false) as is_node,
        case
            when l.diameter_mm is not null then cast(l.diameter_mm * 10 as bigint)
            when l.state = 'absent' then 0
            when l.state = 'too_small' then 50
        end as diameter_tenth_mm
    from usable_lesion as l
    inner join usable_patient as p on l.patient_id = p.patient_id
    cross join study as s
    left join treated as t on l.patient_id = t.patient_id and l.lesion_id = t.lesion_id
        and s.response_mode = 'post_local_therapy'
    where l.role = 'target' and l.assessed_on <= p.observed_until and t.lesion_id is null
),
-- The lesions of one visit form one sum, dated on its last day; a label used twice for a lesion is no visit.
labels as (
    select patient_id, visit, max(assessed_on) as last_on from targets
    where visit is not null group by patient_id, visit having count(*) = count(distinct lesion_id)
),
dated as (
    select t.*, coalesce(v.last_on, t.assessed_on) as visit_on
    from targets as t
    left join labels as v on t.patient_id = v.patient_id and t.visit = v.visit
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(lesion_id as varchar) as lesion_id,
        cast(visit as varchar) as visit,
        cast(visit_on as date) as assessed_on,
        cast(assessed_on as date) as measured_on,
        cast(is_node as boolean) as is_node,
        cast(diameter_tenth_mm as bigint) as diameter_tenth_mm,
        -- A node under 10 mm in its short axis is normal.
        cast(diameter_tenth_mm >= case when is_node then 100 else 1 end as boolean) as is_left,
        cast(row_number() over (
            partition by patient_id, visit_on, lesion_id order by assessed_on desc nulls last, row_key nulls last
        ) = 1 as boolean) as is_counted,
        cast('lesion' as varchar) as source_table,
        cast(row_key as varchar) as source_key
    from dated
)
select * from final
