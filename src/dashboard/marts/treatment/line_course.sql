-- One row per patient, line and course given in it: its own, and a course of an earlier line that runs on past the
-- combination window, which is part of the later line too.
with own as (
    select course.patient_id, course.line, course.source_key, given.started_on, given.ended_on, given.goes_on
    from course_line as course
    inner join systemic_course as given
        on course.patient_id = given.patient_id and course.source_key = given.source_key
),

line as (
    select patient_id, line, min(started_on) as started_on from own group by patient_id, line
),

given as (
    select patient_id, line, source_key, started_on, ended_on, false as is_of_earlier_line from own
    union all
    select own.patient_id, line.line, own.source_key, line.started_on, own.ended_on, true
    from line
    cross join study
    inner join own
        on line.patient_id = own.patient_id and own.line < line.line
        and (own.goes_on or date_diff('day', line.started_on, own.ended_on) > study.line_combination_days)
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(line as integer) as line,
        cast(source_key as varchar) as source_key,
        cast(started_on as date) as started_on,
        cast(ended_on as date) as ended_on,
        cast(is_of_earlier_line as boolean) as is_of_earlier_line,
        cast('treatment' as varchar) as source_table
    from given
)

select * from final
