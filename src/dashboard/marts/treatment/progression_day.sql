-- One row per patient and day of a progression, reported or given as the reason to stop or start a course.
with reported as (
    select r.patient_id, r.assessed_on as progressed_on
    from usable_response as r
    inner join usable_patient as p on r.patient_id = p.patient_id
    cross join study as s
    left join carried_progression as c
        on r.patient_id = c.patient_id and r.assessor = c.assessor and r.assessed_on = c.assessed_on
    where r.overall = 'pd' and r.assessed_on <= p.observed_until
        and (c.patient_id is null or coalesce(r.basis, 'imaging') <> 'imaging')
        and (s.response_assessor is null or r.assessor = s.response_assessor)
),
days as (
    select patient_id, progressed_on from reported
    union
    select patient_id, ended_on from systemic_course
    where stop_reason = 'progression' and ended_on is not null
    union
    select patient_id, started_on from systemic_course
    where start_reason in ('imaging_progression', 'imaging_and_ctdna')
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(progressed_on as date) as progressed_on
    from days
)
select * from final
