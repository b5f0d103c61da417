-- One row per target lesion too small when first measured (10 mm, node 15 mm short axis), and per patient whose first
-- measurement has more than five targets or more than two in an organ (RECIST 1.1).
with target as (
    select
        patient_id, lesion_id, assessed_on, row_key, organ, diameter_mm, coalesce(is_node, false) as is_node,
        min(assessed_on) over (partition by patient_id, lesion_id) as first_of_lesion_on,
        min(assessed_on) over (partition by patient_id) as first_of_patient_on
    from lesion
    where role = 'target'
),

counted as (
    select
        patient_id, min(row_key) as row_key, count(distinct lesion_id) as n_targets,
        cast(null as varchar) as organ
    from target where assessed_on = first_of_patient_on group by patient_id
    union all
    select patient_id, min(row_key), count(distinct lesion_id), organ
    from target where assessed_on = first_of_patient_on and organ is not null group by patient_id, organ
)

select
    'lesion' as table_name,
    row_key,
    'diameter_mm' as column_name,
    patient_id,
    cast(diameter_mm as varchar) || case when is_node then ' mm short axis' else ' mm' end as value_text
from target
where assessed_on = first_of_lesion_on and diameter_mm < case when is_node then 15 else 10 end
union all
select
    'lesion', row_key, 'role', patient_id,
    cast(n_targets as varchar) || ' target lesions' || coalesce(' in ' || replace(organ, '_', ' '), '')
from counted
where n_targets > case when organ is null then 5 else 2 end
