-- One row per patient known to the study: site, tumour type, days of screening and enrolment, screening failure.
with told as (
    select patient_id, count(*) as n_failures
    from usable_disposition
    where kind = 'screen_failure'
    group by patient_id
)

select
    usable_patient.patient_id,
    usable_patient.site_id,
    usable_patient.tumour_type,
    usable_patient.enrolled_on,
    usable_patient.enrolled_on is null and coalesce(told.n_failures, 0) > 0 as is_screen_failure
from usable_patient
left join told on usable_patient.patient_id = told.patient_id
order by usable_patient.patient_id
