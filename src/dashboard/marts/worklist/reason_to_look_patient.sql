-- One row per enrolled patient who may stand on the worklist: not dead, not withdrawn, not off study.
with patient as (
    select usable_patient.patient_id, usable_patient.site_id, usable_patient.observed_until
    from usable_patient
    inner join patient_summary as summary on usable_patient.patient_id = summary.patient_id
    where usable_patient.enrolled_on is not null and summary.is_followed
),

-- A scan so soon after a line began may be its baseline: a progression on it belongs to what came before (A1).
treated as (
    select
        line_of_therapy.patient_id,
        line_of_therapy.started_on,
        line_of_therapy.started_on + study.scan_baseline_to_day as settled_on,
        line_of_therapy.is_ongoing
    from line_of_therapy
    cross join study
    union all
    select patient_id, started_on, started_on, cast(false as boolean)
    from treatment_episode
    where kind in ('radiotherapy', 'ablation', 'surgery') and coalesce(intent, 'unknown') <> 'supportive'
),

course as (
    select
        treated.patient_id,
        max(treated.started_on) as treated_on,
        max(treated.settled_on) as settled_on,
        max(case when treated.is_ongoing then treated.started_on end) as on_treatment_since
    from treated
    inner join patient on treated.patient_id = patient.patient_id
    where treated.started_on <= patient.observed_until
    group by treated.patient_id
),

-- The first progression since then; none counts that another treatment has followed.
progressed as (
    select response.patient_id, min(response.assessed_on) as progressed_on
    from overall_response as response
    inner join patient on response.patient_id = patient.patient_id
    left join course on response.patient_id = course.patient_id
    where
        response.response = 'PD' and not coalesce(response.is_baseline, false) and response.first_called_on is null
        and (course.settled_on is null or response.assessed_on > course.settled_on)
    group by response.patient_id
),

-- After local treatment the patient is under surveillance: imaging is looked for although no line goes on.
surveillance as (
    select local_course.patient_id, max(local_course.ended_on) as surveillance_since
    from local_course
    cross join study
    where study.index_origin = 'local_therapy'
    group by local_course.patient_id
),

imaged as (
    select patient_id, imaged_on as seen_on from usable_imaging
    union all
    select patient_id, assessed_on from overall_response where coalesce(basis, 'imaging') = 'imaging'
),

last_image as (
    select imaged.patient_id, max(imaged.seen_on) as last_imaging_on
    from imaged
    inner join patient on imaged.patient_id = patient.patient_id
    where imaged.seen_on <= patient.observed_until
    group by imaged.patient_id
),

final as (
    select
        cast(patient.patient_id as varchar) as patient_id,
        cast(patient.site_id as varchar) as site_id,
        cast(patient.observed_until as date) as observed_until,
        cast(course.treated_on as date) as treated_on,
        cast(progressed.progressed_on as date) as progressed_on,
        cast(coalesce(course.on_treatment_since, surveillance.surveillance_since) as date) as watched_since,
        cast(last_image.last_imaging_on as date) as last_imaging_on
    from patient
    left join course on patient.patient_id = course.patient_id
    left join progressed on patient.patient_id = progressed.patient_id
    left join surveillance on patient.patient_id = surveillance.patient_id
    left join last_image on patient.patient_id = last_image.patient_id
)

select * from final
