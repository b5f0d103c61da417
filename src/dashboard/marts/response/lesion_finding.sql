-- One row per lesion record with the date of its visit and what it shows.
with visit_dates as (
    select patient_id, visit, max(assessed_on) as assessed_on from target_sum
    where visit is not null and source_table = 'lesion' group by patient_id, visit having count(*) = 1
),
final as (
    select
        cast(l.patient_id as varchar) as patient_id,
        cast(l.lesion_id as varchar) as lesion_id,
        cast(coalesce(v.assessed_on, l.assessed_on) as date) as assessed_on,
        cast(l.assessed_on as date) as seen_on,
        cast(l.visit as varchar) as visit,
        cast(l.organ as varchar) as organ,
        cast(l.location as varchar) as location,
        cast(l.role as varchar) as role,
        cast(coalesce(l.state, 'measured') as varchar) as state,
        cast(l.diameter_mm * 10 as bigint) as diameter_tenth_mm,
        cast(case
            when l.state = 'not_assessed' then false
            when l.diameter_mm is null and coalesce(l.state, 'measured') = 'measured' then false
            else true
        end as boolean) as is_evaluated,
        cast(coalesce(l.state = 'absent' or l.diameter_mm = 0, false) as boolean) as is_gone,
        -- A short axis under 10 mm (RECIST 1.1 section 4.3.2); called new it is a lesion however small.
        cast(coalesce(l.is_node and l.role <> 'new' and l.diameter_mm < 10, false) as boolean) as is_normal_node,
        cast(coalesce(l.is_node, false) as boolean) as is_node,
        cast('lesion' as varchar) as source_table,
        cast(l.row_key as varchar) as source_key
    from usable_lesion as l
    inner join usable_patient as p on l.patient_id = p.patient_id
    left join visit_dates as v on l.patient_id = v.patient_id and l.visit = v.visit
    where l.assessed_on <= p.observed_until
)
select * from final
