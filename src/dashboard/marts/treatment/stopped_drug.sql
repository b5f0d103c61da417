-- One row per systemic course stopped for toxicity while its line went on with other drugs: which of its drugs were not
-- given again on the line, the day of the last dose, and what went on. A drug taken up again was held, not stopped.
with course as (
    select
        own.patient_id, own.line, own.source_key, given.started_on, given.ended_on, given.stop_reason,
        given.ended_on is null and given.may_go_on as is_open
    from course_line as own
    inner join systemic_course as given
        on own.patient_id = given.patient_id and own.source_key = given.source_key
),
line_drug as (
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
-- The day of the stop itself does not tell: what ended on it was stopped with the drug.
after_stop as (
    select distinct stopped.patient_id, stopped.source_key, line_drug.agent
    from stopped
    inner join line_drug on stopped.patient_id = line_drug.patient_id and stopped.line = line_drug.line
    where
        line_drug.is_open or line_drug.ended_on > stopped.stopped_on
        or line_drug.started_on > stopped.stopped_on
),
went_on as (
    select patient_id, source_key, array_to_string(list_sort(list(distinct agent)), ' + ') as went_on_with
    from after_stop
    group by patient_id, source_key
),
not_given_again as (
    select
        stopped.patient_id, stopped.source_key,
        array_to_string(list_sort(list(distinct line_drug.agent)), ' + ') as drugs
    from stopped
    inner join line_drug
        on stopped.patient_id = line_drug.patient_id and stopped.source_key = line_drug.source_key
    left join after_stop
        on
            stopped.patient_id = after_stop.patient_id and stopped.source_key = after_stop.source_key
            and line_drug.agent = after_stop.agent
    where after_stop.agent is null
    group by stopped.patient_id, stopped.source_key
),
final as (
    select
        cast(stopped.patient_id as varchar) as patient_id,
        cast(stopped.line as integer) as line,
        cast(stopped.stopped_on as date) as stopped_on,
        cast(not_given_again.drugs as varchar) as drugs,
        cast(went_on.went_on_with as varchar) as went_on_with,
        cast('treatment' as varchar) as source_table,
        cast(stopped.source_key as varchar) as source_key
    from stopped
    inner join not_given_again
        on stopped.patient_id = not_given_again.patient_id and stopped.source_key = not_given_again.source_key
    inner join went_on on stopped.patient_id = went_on.patient_id and stopped.source_key = went_on.source_key
)
select * from final
