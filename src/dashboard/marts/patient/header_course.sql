-- One row per patient and fact about the course that the header of the patient page may state: latest line, dose.
with patient as (
    select * from usable_patient
),
line as (
    select line_of_therapy.patient_id, max(line_of_therapy.line) as line
    from line_of_therapy
    inner join patient on line_of_therapy.patient_id = patient.patient_id
    where line_of_therapy.started_on <= patient.observed_until
    group by line_of_therapy.patient_id
),
death as (
    select patient_id, min(occurred_on) as died_on from milestone where kind = 'death' group by patient_id
),
key_agent as (
    select drug_class.agent from drug_class inner join study on drug_class.drug_class = study.key_class
),
key_list as (
    select distinct lower(episode.agents) as agents
    from treatment_episode as episode
    inner join key_agent on ' + ' || lower(episode.agents) || ' + ' like '% + ' || key_agent.agent || ' + %'
),
-- The last day of which anything is known of the patient; nobody can say what was taken after it.
last_known as (
    select
        patient_id, max(occurred_on) as known_on, min(source_key) as source_key,
        case min(source_table) when 'enrolment' then 'patient' else min(source_table) end as source_table
    from milestone where kind = 'known_alive' group by patient_id
),
key_course as (
    select
        episode.*,
        row_number() over (
            partition by episode.patient_id
            order by coalesce(episode.until_on, episode.started_on) desc nulls last, episode.source_key nulls last
        ) as place_from_last
    from treatment_episode as episode
    inner join key_list on lower(episode.agents) = key_list.agents
    where
        episode.kind = 'systemic' and episode.part_of is null
        and coalesce(episode.intent, 'unknown') not in ('adjuvant', 'neoadjuvant')
),
-- Days on the study's key class, holds included; a course that is over without a recorded end adds nothing.
key_days as (
    select
        episode.patient_id, max(case when episode.is_ongoing then 1 else 0 end) as n_ongoing,
        cast(sum(date_diff(
            'day', episode.started_on,
            case
                when episode.is_ongoing then coalesce(death.died_on, last_known.known_on, patient.observed_until)
                when episode.end_basis = 'NOT_RECORDED' then episode.started_on
                else coalesce(episode.until_on, episode.started_on)
            end
        )) as bigint) as n_days, min(episode.started_on) as started_on, min(episode.source_key) as source_key,
        max(case when episode.place_from_last = 1 then episode.stop_reason end) as stop_reason
    from key_course as episode
    inner join patient on episode.patient_id = patient.patient_id
    left join death on episode.patient_id = death.patient_id
    left join last_known on episode.patient_id = last_known.patient_id
    group by episode.patient_id
),
dose as (
    select
        episode.*,
        row_number() over (
            partition by episode.patient_id
            order by case when episode.kind = 'dose_hold' then 0 else 1 end nulls last,
                episode.started_on desc nulls last, episode.source_key desc nulls last
        ) as place
    from treatment_episode as episode
    inner join treatment_episode as whole
        on episode.patient_id = whole.patient_id and episode.part_of = whole.treatment_id
    inner join line on whole.patient_id = line.patient_id and whole.line = line.line
    where whole.is_ongoing and episode.ended_on is null and episode.kind in ('dose_reduction', 'dose_hold')
),
before_it as (
    select line_of_therapy.patient_id, max(line_of_therapy.line) as line
    from line_of_therapy
    inner join line on line_of_therapy.patient_id = line.patient_id and line_of_therapy.line < line.line
    group by line_of_therapy.patient_id
),
-- The scan that showed the first progression of the line before the latest one.
closed as (
    select before_it.patient_id, min(milestone.occurred_on) as progressed_on
    from before_it
    inner join milestone on before_it.patient_id = milestone.patient_id and before_it.line = milestone.line
    where milestone.kind = 'radiological_progression'
    group by before_it.patient_id
),
fact as (
    select baseline.patient_id, 'LINE_BASELINE' as kind, lower(baseline.kind) as name,
        case
            when baseline.named_on = closed.progressed_on then 'PROGRESSION'
            when baseline.named_on > closed.progressed_on then 'AFTER_PROGRESSION'
        end as code,
        cast(baseline.sum_tenth_mm as decimal(18, 4)) as value, cast(null as varchar) as detail,
        cast(null as decimal(18, 4)) as upper_normal, baseline.named_on as occurred_on,
        baseline.source_table, baseline.source_key
    from line_baseline as baseline
    inner join line on baseline.patient_id = line.patient_id and baseline.line = line.line
    left join closed on baseline.patient_id = closed.patient_id
    where baseline.source_key is not null
    union all
    select best_response.patient_id, 'BEST_RESPONSE', best_response.setting_id, best_response.response,
        cast(best_response.line as decimal(18, 4)), null, null, best_response.responded_on, 'response', best_response.source_key
    from best_response
    cross join study
    left join line on best_response.patient_id = line.patient_id
    where best_response.line = case when study.response_mode = 'recist' then line.line else 0 end
    union all
    select best_response.patient_id, 'CONFIRMED_RESPONSE', best_response.setting_id, best_response.response,
        cast(best_response.line as decimal(18, 4)), null, null, best_response.confirmed_on, 'response', best_response.source_key
    from best_response
    cross join study
    left join line on best_response.patient_id = line.patient_id
    where
        best_response.confirmed_on is not null
        and best_response.line = case when study.response_mode = 'recist' then line.line else 0 end
    union all
    select milestone.patient_id, 'PROGRESSION', milestone.kind, null, cast(milestone.line as decimal(18, 4)), null, null,
        min(milestone.occurred_on), min(milestone.source_table), min(milestone.source_key)
    from milestone
    inner join line on milestone.patient_id = line.patient_id and milestone.line = line.line
    where milestone.kind in ('radiological_progression', 'clinical_progression')
    group by milestone.patient_id, milestone.kind, milestone.line
    union all
    select milestone.patient_id, 'LOCAL_PROGRESSION', milestone.kind, null, null, null, null,
        min(milestone.occurred_on), min(milestone.source_table), min(milestone.source_key)
    from milestone
    cross join study
    inner join local_course on milestone.patient_id = local_course.patient_id and local_course.course = 1
    where
        milestone.kind in ('radiological_progression', 'clinical_progression')
        and study.response_mode = 'post_local_therapy' and milestone.occurred_on > local_course.started_on
    group by milestone.patient_id, milestone.kind
    union all
    select patient_id, 'KEY_CLASS', case when n_ongoing = 1 then 'ongoing' else 'ended' end,
        case when n_ongoing = 0 then stop_reason end, cast(n_days as decimal(18, 4)), null,
        null, started_on, 'treatment', source_key
    from key_days
    union all
    select patient_id, 'DOSE', kind, null, cast(dose_level as decimal(18, 4)), null, null, started_on, 'treatment', source_key
    from dose where place = 1
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(kind as varchar) as kind,
        cast(name as varchar) as name,
        cast(code as varchar) as code,
        cast(value as decimal(18, 4)) as value,
        cast(detail as varchar) as detail,
        cast(upper_normal as decimal(18, 4)) as upper_normal,
        cast(occurred_on as date) as occurred_on,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from fact
)
select * from final
