-- One row per patient and date of a sum of target lesions, measured, or reported where no lesion is recorded.
with measured_patients as (select distinct patient_id from target_measurement),
sums as (
    select
        patient_id, assessed_on, max(visit) as visit, min(measured_on) as first_measured_on,
        cast(sum(diameter_tenth_mm) as bigint) as sum_tenth_mm, count(diameter_tenth_mm) as n_measured,
        count(case when is_left then 1 end) as n_left,
        'lesion' as source_table, min(source_key) as source_key
    from target_measurement
    where is_counted
    group by patient_id, assessed_on
    union all
    select
        r.patient_id, r.assessed_on, max(r.visit), r.assessed_on,
        max(cast(r.sum_of_diameters_mm * 10 as bigint)), cast(null as bigint), cast(null as bigint), 'response', min(r.row_key)
    from usable_response as r
    inner join usable_patient as p on r.patient_id = p.patient_id
    cross join study as s
    left join measured_patients as t on r.patient_id = t.patient_id
    where r.sum_of_diameters_mm is not null and t.patient_id is null and r.assessed_on <= p.observed_until
        and (s.response_assessor is null or r.assessor = s.response_assessor)
    group by r.patient_id, r.assessed_on
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(assessed_on as date) as assessed_on,
        cast(first_measured_on as date) as first_measured_on,
        cast(visit as varchar) as visit,
        cast(sum_tenth_mm as bigint) as sum_tenth_mm,
        cast(n_measured as integer) as n_measured,
        cast(n_left as integer) as n_left,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from sums
)
select * from final
