-- One row per patient and start (enrolment, each line of therapy) with an ECOG on record: the last one up to that day;
-- where there is none the first after it, whose days say whether it still counts.
with start as (
    select patient_id, 'ENROLMENT' as origin, 0 as line, enrolled_on as started_on
    from usable_patient
    where enrolled_on is not null
    union all
    select patient_id, 'LINE', line, started_on from line_of_therapy
),

ranked as (
    select
        start.patient_id, start.origin, start.line, start.started_on, measurement.value, measurement.measured_on,
        measurement.row_key,
        row_number() over (
            partition by start.patient_id, start.origin, start.line
            order by
                case when measurement.measured_on > start.started_on then 1 else 0 end nulls last,
                abs(date_diff('day', measurement.measured_on, start.started_on)) nulls last,
                measurement.row_key nulls last
        ) as place
    from start
    inner join usable_measurement as measurement on start.patient_id = measurement.patient_id
    where measurement.name = 'ecog' and measurement.measured_on is not null
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(origin as varchar) as origin,
        cast(line as integer) as line,
        cast(started_on as date) as started_on,
        cast(value as decimal(18, 4)) as ecog,
        cast(measured_on as date) as measured_on,
        cast(date_diff('day', started_on, measured_on) as integer) as days_after,
        cast('measurement' as varchar) as source_table,
        cast(row_key as varchar) as source_key
    from ranked
    where place = 1
)

select * from final
