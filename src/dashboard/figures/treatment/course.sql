-- One row per enrolled patient of the cohort, line, course and drug given against the tumour, courses by their start.
with cohort as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),

final as (
    select
        given.patient_id, given.line, given.source_key, given.started_on, given.ended_on, drug.agent, drug.drug_class
    from cohort
    inner join line_course as given on cohort.patient_id = given.patient_id
    inner join course_drug as drug on given.patient_id = drug.patient_id and given.source_key = drug.source_key
    where drug.opens_line
)

select * from final order by patient_id, line, started_on, source_key, agent
