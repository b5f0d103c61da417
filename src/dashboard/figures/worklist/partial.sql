-- One row per day of a patient who may stand on the worklist that is recorded to the month or year only, by what it is a
-- day of. A day that another record of the kind has exactly is known.
with recorded as (
    select
        patient_id, 'ctdna_sample' as subject, collected_on as day_on,
        coalesce(collected_on_precision, 'day') as precise_to
    from usable_ctdna_sample
    union all
    select patient_id, 'imaging', imaged_on, coalesce(imaged_on_precision, 'day') from usable_imaging
    union all
    select patient_id, 'imaging', assessed_on, coalesce(assessed_on_precision, 'day') from usable_response
    union all
    select patient_id, 'imaging', assessed_on, coalesce(assessed_on_precision, 'day') from usable_lesion
    union all
    select patient_id, 'treatment', started_on, coalesce(started_on_precision, 'day') from usable_treatment
    union all
    select patient_id, 'treatment', ended_on, coalesce(ended_on_precision, 'day') from usable_treatment
)

select recorded.patient_id, recorded.subject, recorded.day_on, max(recorded.precise_to) as precise_to
from recorded
inner join reason_to_look_patient on recorded.patient_id = reason_to_look_patient.patient_id
where recorded.day_on is not null
group by recorded.patient_id, recorded.subject, recorded.day_on
having count(*) filter (recorded.precise_to not in ('month', 'year')) = 0
order by recorded.patient_id, recorded.subject, recorded.day_on
