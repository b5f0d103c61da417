-- One row per reported sum of diameters more than 1 mm off the sum of the target lesions of that day.
with measured as (
    select patient_id, assessed_on, sum(diameter_mm) as sum_mm, count(*) - count(diameter_mm) as n_missing
    from lesion
    where role = 'target'
    group by patient_id, assessed_on
)

select
    'response' as table_name,
    response.row_key,
    'sum_of_diameters_mm' as column_name,
    response.patient_id,
    cast(response.sum_of_diameters_mm as varchar) || ' mm reported, ' || cast(measured.sum_mm as varchar)
    || ' mm measured' as value_text
from response
inner join measured on response.patient_id = measured.patient_id and response.assessed_on = measured.assessed_on
where measured.n_missing = 0 and abs(response.sum_of_diameters_mm - measured.sum_mm) > 1
