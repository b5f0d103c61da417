-- One row per day of the patient that is recorded to the month or year only, by what it is a day of.
with recorded as (
    select 'treatment' as subject, started_on as day_on, started_on_precision as precise_to
    from usable_treatment
    where patient_id = $patient_id
    union all
    select 'treatment', ended_on, ended_on_precision from usable_treatment where patient_id = $patient_id
    union all
    select 'adverse_event', started_on, started_on_precision
    from usable_adverse_event
    where patient_id = $patient_id
    union all
    select 'adverse_event', ended_on, ended_on_precision
    from usable_adverse_event
    where patient_id = $patient_id
    union all
    select 'response', assessed_on, assessed_on_precision from usable_response where patient_id = $patient_id
    union all
    select 'response', assessed_on, assessed_on_precision from usable_lesion where patient_id = $patient_id
    union all
    select 'measurement', measured_on, measured_on_precision
    from usable_measurement
    where patient_id = $patient_id
    union all
    select 'ctdna_sample', collected_on, collected_on_precision
    from usable_ctdna_sample
    where patient_id = $patient_id
    union all
    select 'response', imaged_on, imaged_on_precision from usable_imaging where patient_id = $patient_id
    union all
    select 'metastatic', metastatic_on, metastatic_on_precision from usable_patient where patient_id = $patient_id
    union all
    select 'ned', ned_on, ned_on_precision from usable_patient where patient_id = $patient_id
    union all
    select 'death', died_on, died_on_precision from usable_contact where patient_id = $patient_id
)
select subject, day_on, max(precise_to) as precise_to
from recorded
where day_on is not null and precise_to in ('month', 'year')
group by subject, day_on
order by subject, day_on
