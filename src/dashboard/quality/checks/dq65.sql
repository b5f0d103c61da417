-- One row per value without a unit where the measurement has one elsewhere, and per value more than 100 times the median of
-- its measurement (20 values at least) that is also more than 10 times the patient's own median: a marker may rise far.
with usual as (
    select name, unit, median(value) as middle, count(*) as n
    from measurement
    where value is not null and unit is not null
    group by name, unit
),

own as (
    select patient_id, name, unit, median(value) as middle, count(*) as n
    from measurement
    where value is not null and unit is not null
    group by patient_id, name, unit
)

select
    'measurement' as table_name,
    row_key,
    'unit' as column_name,
    patient_id,
    name || ' ' || coalesce(value_as_written, cast(value as varchar)) || ', no unit' as value_text
from measurement
where value is not null and unit is null and name in (select name from usual)
union all
select
    'measurement', measurement.row_key, 'value', measurement.patient_id,
    measurement.name || ' ' || coalesce(measurement.value_as_written, cast(measurement.value as varchar))
    || ', median of the study ' || cast(cast(usual.middle as decimal(18, 2)) as varchar)
from measurement
inner join usual on measurement.name = usual.name and measurement.unit = usual.unit
inner join own
    on
        measurement.patient_id = own.patient_id and measurement.name = own.name and measurement.unit = own.unit
where
    (own.n < 3 or measurement.value > 10 * own.middle)
    and usual.n >= 20 and usual.middle > 0 and measurement.value > 100 * usual.middle
