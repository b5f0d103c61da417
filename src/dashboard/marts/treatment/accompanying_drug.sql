-- One row per patient and line of therapy during which a GnRH analogue was given: it never opens a line and is no part of
-- its regimen (clinical-decisions A14), but is seen beside it.
with analogue as (
    select agent from drug_class where substitution_group = 'gnrh' and not opens_line
),
-- A course that is over on a day nobody recorded is certain on its first day only.
course as (
    select
        episode.patient_id, analogue.agent, episode.started_on, episode.source_key,
        coalesce(
            episode.until_on, case when episode.is_ongoing then patient.observed_until else episode.started_on end
        ) as until_on
    from treatment_episode as episode
    inner join usable_patient as patient on episode.patient_id = patient.patient_id
    inner join analogue on ' + ' || lower(episode.agents) || ' + ' like '% + ' || analogue.agent || ' + %'
    where episode.kind = 'systemic' and episode.line is null and episode.part_of is null
),
given as (
    select line_of_therapy.patient_id, line_of_therapy.line, course.agent, min(course.source_key) as source_key
    from line_of_therapy
    inner join usable_patient as patient on line_of_therapy.patient_id = patient.patient_id
    inner join course
        on
            line_of_therapy.patient_id = course.patient_id and course.until_on >= line_of_therapy.started_on
            and course.started_on <= coalesce(
                line_of_therapy.ended_on, line_of_therapy.next_started_on, patient.observed_until
            )
    group by line_of_therapy.patient_id, line_of_therapy.line, course.agent
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(line as integer) as line,
        cast(array_to_string(list_sort(list(agent)), ', ') as varchar) as drugs,
        cast('treatment' as varchar) as source_table,
        cast(min(source_key) as varchar) as source_key
    from given
    group by patient_id, line
)
select * from final
