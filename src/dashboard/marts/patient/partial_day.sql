-- One row per patient, subject and day that is recorded to the month or year only (clinical-decisions A38). Of several
-- records of one kind on one day the least exact one counts: an exact day shown as about is the smaller error.
with recorded as (
    select patient_id, 'ctdna_sample' as subject, collected_on as day_on, collected_on_precision as precise_to
    from usable_ctdna_sample
    union all
    -- A scan, what was called on it and the lesions seen on it are of one kind.
    select patient_id, 'response', imaged_on, imaged_on_precision from usable_imaging
    union all
    select patient_id, 'response', assessed_on, assessed_on_precision from usable_response
    union all
    select patient_id, 'response', assessed_on, assessed_on_precision from usable_lesion
    union all
    select patient_id, 'treatment', started_on, started_on_precision from usable_treatment
    union all
    select patient_id, 'treatment', ended_on, ended_on_precision from usable_treatment
    union all
    select patient_id, 'adverse_event', started_on, started_on_precision from usable_adverse_event
    union all
    select patient_id, 'adverse_event', ended_on, ended_on_precision from usable_adverse_event
    union all
    select patient_id, 'measurement', measured_on, measured_on_precision from usable_measurement
    union all
    select patient_id, 'metastatic', metastatic_on, metastatic_on_precision from usable_patient
    union all
    select patient_id, 'ned', ned_on, ned_on_precision from usable_patient
    union all
    select patient_id, 'death', died_on, died_on_precision from usable_contact
),

coarsest as (
    select
        patient_id, subject, day_on,
        max(case precise_to when 'year' then 2 when 'month' then 1 else 0 end) as coarseness
    from recorded
    where day_on is not null
    group by patient_id, subject, day_on
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(subject as varchar) as subject,
        cast(day_on as date) as day_on,
        cast(case coarseness when 1 then 'month' else 'year' end as varchar) as precise_to
    from coarsest
    where coarseness > 0
)

select * from final
