-- One row per patient and fact of the screening examination. What is not certain lies between low and high.
with examined as (
    select
        l.patient_id, l.lesion_id, l.diameter_mm, l.row_key,
        case when l.is_node then 'lymph_node' else l.organ end as organ,
        case when l.state in ('equivocal', 'not_assessed') then 1 else 0 end as is_open,
        -- Gone, or treated earlier and controlled: no lesion now.
        case when l.state in ('absent', 'controlled') or l.diameter_mm = 0 then 1 else 0 end as is_gone,
        row_number() over (
            partition by l.patient_id, l.lesion_id order by l.assessed_on desc nulls last, l.row_key desc nulls last
        ) as place
    from usable_lesion as l
    inner join eligibility_day as d on l.patient_id = d.patient_id
    where l.assessed_on <= d.judged_on
        and (l.assessed_on = d.examined_on or l.visit = d.examined_visit)
),
present as (
    select
        *,
        case when organ = 'lung' and is_open = 0 then 1 else 0 end as is_lung,
        case when organ is null or (organ = 'lung' and is_open = 1) then 1 else 0 end as may_be_lung
    from examined
    where place = 1 and is_gone = 0
),
counted as (
    select
        d.patient_id,
        coalesce(cast(sum(p.is_lung) as bigint), 0) as n_lung,
        coalesce(cast(sum(p.may_be_lung) as bigint), 0) as n_perhaps,
        max(case when p.is_lung = 1 then p.diameter_mm end) as largest_mm,
        max(case when p.is_lung = 1 and p.diameter_mm is null then 1 else 0 end) as is_unmeasured,
        coalesce(array_to_string(list_sort(list(distinct case when p.is_open = 0 then p.organ end)), ' + '), '')
            as organs,
        coalesce(array_to_string(list_sort(list(distinct case
            when p.row_key is not null then coalesce(p.organ, 'unknown')
        end)), ' + '), '') as organs_perhaps,
        min(e.row_key) as source_key
    from eligibility_day as d
    inner join examined as e on d.patient_id = e.patient_id
    left join present as p on e.patient_id = p.patient_id and e.row_key = p.row_key
    group by d.patient_id
),
largest as (
    select
        p.patient_id, p.row_key,
        row_number() over (
            partition by p.patient_id order by p.diameter_mm desc nulls last, p.row_key nulls last
        ) as place
    from present as p
    where p.is_lung = 1
),
facts as (
    select
        c.patient_id, 'lung_lesions' as fact, c.n_lung as low, c.n_lung + c.n_perhaps as high, '' as said, c.source_key
    from counted as c
    union all
    select
        c.patient_id, 'largest_lung_lesion_mm' as fact,
        case when c.n_lung + c.n_perhaps = 0 then 0 else c.largest_mm end as low,
        case
            when c.n_lung + c.n_perhaps = 0 then 0
            when c.n_perhaps = 0 and c.is_unmeasured = 0 then c.largest_mm
        end as high,
        '' as said, coalesce(l.row_key, c.source_key) as source_key
    from counted as c
    left join largest as l on c.patient_id = l.patient_id and l.place = 1
    union all
    select
        c.patient_id, 'metastatic_organs_now' as fact, null as low, null as high,
        case
            when c.organs_perhaps = '' then 'none'
            when c.organs = c.organs_perhaps then c.organs
            else ''
        end as said, c.source_key
    from counted as c
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(fact as varchar) as fact,
        cast(low as decimal(18, 4)) as low,
        cast(high as decimal(18, 4)) as high,
        cast(nullif(said, '') as varchar) as said,
        cast('lesion' as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from facts
)
select * from final
