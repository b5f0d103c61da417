-- One row per enrolled patient of the cohort, line, course and drug given against the tumour, courses by their start.
with cohort as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),

line as (
    select line_of_therapy.patient_id, line_of_therapy.line, line_of_therapy.started_on
    from cohort
    inner join line_of_therapy on cohort.patient_id = line_of_therapy.patient_id
),

course as (
    select
        own.patient_id, own.line, own.source_key, systemic_course.started_on, systemic_course.ended_on,
        systemic_course.goes_on
    from cohort
    inner join course_line as own on cohort.patient_id = own.patient_id
    inner join systemic_course
        on own.patient_id = systemic_course.patient_id and own.source_key = systemic_course.source_key
),

-- A course of an earlier line that runs on past the combination window is part of the later line too.
given as (
    select patient_id, line, source_key, started_on, ended_on from course
    union all
    select course.patient_id, line.line, course.source_key, line.started_on, course.ended_on
    from line
    cross join study
    inner join course
        on line.patient_id = course.patient_id and course.line < line.line
        and (
            course.goes_on
            or date_diff('day', line.started_on, course.ended_on) > study.line_combination_days
        )
),

final as (
    select given.*, drug.agent, drug.drug_class
    from given
    inner join course_drug as drug on given.patient_id = drug.patient_id and given.source_key = drug.source_key
    where drug.opens_line
)

select * from final order by patient_id, line, started_on, source_key, agent
