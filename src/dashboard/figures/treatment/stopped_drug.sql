-- One row per enrolled patient of the cohort, line and course that was stopped for toxicity while the line went on with
-- other drugs: the drugs not given again on the line, the day, and what went on. A course taken up again is no stop.
with cohort as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),

course as (
    select
        own.patient_id, own.line, own.source_key, systemic_course.started_on, systemic_course.ended_on,
        systemic_course.stop_reason, systemic_course.ended_on is null and systemic_course.may_go_on as is_open
    from cohort
    inner join course_line as own on cohort.patient_id = own.patient_id
    inner join systemic_course
        on own.patient_id = systemic_course.patient_id and own.source_key = systemic_course.source_key
),

given as (
    select course.*, drug.agent
    from course
    inner join course_drug as drug on course.patient_id = drug.patient_id and course.source_key = drug.source_key
    where drug.opens_line
),

stopped as (
    select patient_id, line, source_key, ended_on as stopped_on
    from course
    where stop_reason = 'toxicity' and ended_on is not null
),

after_stop as (
    select distinct stopped.patient_id, stopped.line, stopped.source_key, given.agent
    from stopped
    inner join given on stopped.patient_id = given.patient_id and stopped.line = given.line
    where given.is_open or given.ended_on > stopped.stopped_on or given.started_on > stopped.stopped_on
),

went_on as (
    select patient_id, line, source_key, string_agg(agent, ' + ' order by agent) as went_on_with
    from after_stop
    group by patient_id, line, source_key
),

final as (
    select
        stopped.patient_id, stopped.line, string_agg(given.agent, ' + ' order by given.agent) as drugs,
        stopped.stopped_on, went_on.went_on_with
    from stopped
    inner join went_on on stopped.patient_id = went_on.patient_id and stopped.source_key = went_on.source_key
    inner join given on stopped.patient_id = given.patient_id and stopped.source_key = given.source_key
    left join after_stop
        on
            stopped.patient_id = after_stop.patient_id and stopped.source_key = after_stop.source_key
            and given.agent = after_stop.agent
    where after_stop.agent is null
    group by stopped.patient_id, stopped.line, stopped.source_key, stopped.stopped_on, went_on.went_on_with
)

select * from final order by patient_id, line, stopped_on
