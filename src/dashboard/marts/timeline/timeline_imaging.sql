-- One row per mark of the imaging panels: a response by one assessor, a sum of diameters, the limits while one nadir of
-- a line is in force, or a lesion found as new.
-- Of several assessors on one date the treating team comes first (design 10, small decision 1).
with response as (
    select
        overall.*,
        row_number() over (
            partition by overall.patient_id, overall.assessed_on
            order by case overall.assessor
                when 'treating_physician' then 1 when 'investigator' then 2 when 'radiologist' then 3
                when 'central' then 4 else 5
            end nulls last, overall.assessor nulls last, overall.source_key nulls last
        ) as place
    from overall_response as overall
    where overall.is_baseline or overall.is_called
),
-- A scan nobody reported that is the baseline of the next line, and says nothing more of the line before.
next_baseline as (
    select distinct patient_id, assessed_on
    from response
    where is_baseline_only and not is_baseline
),
-- After local therapy a new local course begins anew: what comes after it is not "same treatment" any more, until the
-- next progression (clinical-decisions A5, A7).
newly_treated as (
    select distinct response.patient_id, response.assessed_on
    from response
    cross join study
    inner join local_course as course
        on response.patient_id = course.patient_id and course.started_on < response.assessed_on
    left join response as progression
        on
            response.patient_id = progression.patient_id and progression.response = 'PD'
            and progression.assessed_on > course.started_on and progression.assessed_on < response.assessed_on
    where study.response_mode = 'post_local_therapy' and progression.patient_id is null
),
-- When a lesion was found as new, and its diameters since. Of one treated locally those up to its treatment: what is
-- measured later is the zone of the treatment (clinical-decisions A5), and the last one before stands with it.
found_new as (
    select patient_id, lesion_id, min(seen_on) as found_on from lesion_finding
    where role = 'new' group by patient_id, lesion_id
),
with_treatment as (
    select source_key from timeline_treatment where kind = 'LESION'
),
new_lesion as (
    select
        finding.*, finding.role = 'new' and finding.seen_on = found_new.found_on as is_found
    from lesion_finding as finding
    inner join found_new on finding.patient_id = found_new.patient_id and finding.lesion_id = found_new.lesion_id
    left join treated_lesion as treated
        on finding.patient_id = treated.patient_id and finding.lesion_id = treated.lesion_id
    left join with_treatment on finding.source_key = with_treatment.source_key
    where
        (finding.role = 'new' and finding.seen_on = found_new.found_on)
        or (
            finding.seen_on > found_new.found_on and with_treatment.source_key is null
            and (treated.lesion_id is null or finding.seen_on <= treated.treated_on)
            and (finding.diameter_tenth_mm > 0 or finding.state = 'absent')
        )
),
-- A new lesion that is reported without a record of its own; of a progression elsewhere the site named is not its.
reported_new as (
    select
        response.patient_id, response.assessed_on, response.source_table, response.source_key,
        case
            when response.names_new_site and lower(response.progression_site) not in ('other', 'unknown')
                then replace(response.progression_site, '_', ' ')
        end as site
    from response
    left join lesion_finding as finding
        on
            response.patient_id = finding.patient_id and response.assessed_on = finding.assessed_on
            and finding.role = 'new'
    where
        response.place = 1 and response.new_lesion = 'yes' and response.first_called_on is null
        and finding.lesion_id is null
),
event as (
    select
        response.patient_id, 'RECIST' as panel,
        case
            when place > 1 then 'OTHER_RESPONSE'
            when is_baseline or next_baseline.patient_id is not null then 'BASELINE'
            else 'RESPONSE'
        end as kind,
        'response ' || cast(response.assessed_on as varchar) || ' ' || coalesce(assessor, '-') as event_key,
        response.assessed_on as occurred_on, cast(null as date) as ended_on, cast(null as boolean) as is_ongoing, line,
        assessor as label, case when next_baseline.patient_id is null then response end as code,
        case when next_baseline.patient_id is null then progression_pattern end as detail,
        cast(null as decimal(28, 12)) as value_sum, cast(null as bigint) as value_n,
        cast(null as bigint) as baseline_tenth_mm, cast(null as bigint) as nadir_tenth_mm,
        cast(null as bigint) as pd_from_tenth_mm, cast(null as integer) as n_targets,
        cast(null as integer) as n_measured, reported, calculated, change_from_baseline_tenth_percent,
        -- A PD that the target sum did not make is not explained by its growth.
        case when response <> 'PD' or target = 'PD' then change_from_nadir_tenth_percent end
            as change_from_nadir_tenth_percent,
        is_after_progression and newly_treated.patient_id is null and next_baseline.patient_id is null
            as is_after_progression,
        first_called_on, basis, rule, source_table, source_key
    from response
    left join next_baseline
        on response.patient_id = next_baseline.patient_id and response.assessed_on = next_baseline.assessed_on
    left join newly_treated
        on response.patient_id = newly_treated.patient_id and response.assessed_on = newly_treated.assessed_on
    union all
    select
        patient_id, 'TARGET_SUM', 'SUM', 'sum ' || cast(assessed_on as varchar), assessed_on, null, null, line,
        visit, case when sum_tenth_mm is null then 'NOT_MEASURED' else 'MEASURED' end, null,
        cast(sum_tenth_mm as decimal(28, 12)), case when sum_tenth_mm is not null then 10 end,
        baseline_tenth_mm, nadir_tenth_mm, null, n_targets, n_measured, null, null, null, null, null, null,
        null, rule, source_table, source_key
    from target_response
    union all
    select
        patient_id, 'TARGET_SUM', 'LIMIT', 'limit line ' || cast(line as varchar) || ' ' || cast(from_on as varchar),
        from_on, until_on, null, line, null, null, null, cast(pd_from_tenth_mm as decimal(28, 12)), 10,
        baseline_tenth_mm, nadir_tenth_mm, pd_from_tenth_mm, null, null, null, null, null, null, null, null, null,
        null, source_table, cast(null as varchar)
    from target_limit
    where line > 0 and from_on < coalesce(until_on, from_on + 1)
    union all
    select
        patient_id, 'NEW_LESION', 'NEW_LESION', 'new lesion ' || source_key, seen_on, null, null, null, lesion_id,
        case when is_found then 'FOUND' when state = 'absent' then 'ABSENT' else 'FOLLOWED' end,
        replace(
            case
                when organ is null then location
                when location is null or location = organ then organ
                else organ || ', ' || location
            end, '_', ' '
        ),
        cast(case when diameter_tenth_mm > 0 and state <> 'absent' then diameter_tenth_mm end as decimal(28, 12)),
        case when diameter_tenth_mm > 0 and state <> 'absent' then 10 end,
        null, null, null, null, null, null, null, null, null, null, null, null, null, source_table, source_key
    from new_lesion
    union all
    select
        patient_id, 'NEW_LESION', 'NEW_LESION', 'new lesion reported ' || cast(assessed_on as varchar), assessed_on,
        null, null, null, null, 'FOUND', site, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, source_table, source_key
    from reported_new
),
final as (
    select
        cast(event.patient_id as varchar) as patient_id,
        cast(event.panel as varchar) as panel,
        cast(event.kind as varchar) as kind,
        cast(event.event_key as varchar) as event_key,
        cast(event.occurred_on as date) as occurred_on,
        cast(event.ended_on as date) as ended_on,
        cast(event.is_ongoing as boolean) as is_ongoing,
        cast(event.line as integer) as line,
        cast(event.label as varchar) as label,
        cast(event.code as varchar) as code,
        cast(event.detail as varchar) as detail,
        cast(event.value_sum as decimal(28, 12)) as value_sum,
        cast(event.value_n as bigint) as value_n,
        cast(event.baseline_tenth_mm as bigint) as baseline_tenth_mm,
        cast(event.nadir_tenth_mm as bigint) as nadir_tenth_mm,
        cast(event.pd_from_tenth_mm as bigint) as pd_from_tenth_mm,
        cast(event.n_targets as integer) as n_targets,
        cast(event.n_measured as integer) as n_measured,
        cast(event.reported as varchar) as reported,
        cast(event.calculated as varchar) as calculated,
        cast(event.change_from_baseline_tenth_percent as integer) as change_from_baseline_tenth_percent,
        cast(event.change_from_nadir_tenth_percent as integer) as change_from_nadir_tenth_percent,
        cast(event.is_after_progression as boolean) as is_after_progression,
        cast(event.first_called_on as date) as first_called_on,
        cast(event.basis as varchar) as basis,
        cast(event.rule as varchar) as rule,
        cast(event.source_table as varchar) as source_table,
        cast(event.source_key as varchar) as source_key
    from event
    inner join usable_patient as patient on event.patient_id = patient.patient_id
    where event.occurred_on <= patient.observed_until
)
select * from final
