-- One row per response that counts of a patient of the cohort, whatever the line.
with cohort as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
)

select
    overall_response.patient_id,
    overall_response.assessed_on,
    overall_response.response,
    overall_response.basis,
    overall_response.is_unassessed,
    overall_response.is_baseline,
    overall_response.is_after_progression,
    overall_response.progression_pattern,
    overall_response.change_from_baseline_tenth_percent
from overall_response
inner join cohort on overall_response.patient_id = cohort.patient_id
where overall_response.response is not null
order by overall_response.patient_id, overall_response.assessed_on, overall_response.source_key
