-- One row per value without an upper limit of normal, of a measurement the study judges by that limit.
with judged as (
    select distinct replace(fact, 'measurement_uln.', '') as name from criterion where fact like 'measurement_uln.%'
)

select
    'measurement' as table_name,
    measurement.row_key,
    'upper_normal' as column_name,
    measurement.patient_id,
    measurement.name || ' on ' || cast(measurement.measured_on as varchar) as value_text
from measurement
inner join judged on measurement.name = judged.name
where measurement.value is not null and measurement.upper_normal is null
