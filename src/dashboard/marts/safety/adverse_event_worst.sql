-- One row per patient, way of counting (all treatment, line, drug, local treatment) and term: the worst grade.
with counted as (
    select
        t.*, t.relatedness = 'RELATED' as is_related,
        t.relatedness in ('NOT_ASSESSABLE', 'MISSING') as is_unclear
    from adverse_event_term as t
    where t.is_counted
),
-- A drug is blamed by name; related to a drug nobody named stays unclear for each drug.
drug as (
    select
        c.*, x.unit as agent, d.agent is not null as is_blamed, u.agent is not null as is_unnamed
    from counted as c
    inner join adverse_event_exposure as x
        on c.patient_id = x.patient_id and x.scope = 'DRUG'
        and c.started_on between x.risk_from and x.risk_until
    left join adverse_event_drug as d
        on c.patient_id = d.patient_id and c.event_key = d.event_key and x.unit = d.agent
    left join adverse_event_drug as u
        on c.patient_id = u.patient_id and c.event_key = u.event_key and u.agent = 'NOT_NAMED'
),
placed as (
    select
        patient_id, 'ALL' as scope, 'ALL' as unit, preferred_term, organ_class, is_gradable, grade, n_grade_missing,
        is_serious, started_on, relatedness, is_related, is_related as is_adr, is_unclear, event_key
    from counted
    union all
    select
        patient_id, case when line is null then 'LOCAL' else 'LINE' end as scope,
        coalesce(cast(line as varchar), 'LOCAL') as unit, preferred_term, organ_class, is_gradable, grade,
        n_grade_missing, is_serious, started_on, relatedness, is_related, is_related as is_adr, is_unclear, event_key
    from counted
    where period <> 'NO_ONSET'
    union all
    select
        patient_id, 'DRUG' as scope, agent as unit, preferred_term, organ_class, is_gradable, grade, n_grade_missing,
        is_serious, started_on, relatedness, is_blamed as is_related, is_related as is_adr,
        is_unclear or is_unnamed as is_unclear, event_key
    from drug
),
ordered as (
    select
        *,
        row_number() over (
            partition by patient_id, scope, unit, preferred_term
            order by grade desc nulls last, started_on nulls last, event_key nulls last
        ) as place
    from placed
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(scope as varchar) as scope,
        cast(unit as varchar) as unit,
        cast(preferred_term as varchar) as preferred_term,
        cast(min(organ_class) as varchar) as organ_class,
        cast(max(grade) as integer) as worst_grade,
        cast(min(case when is_gradable then 1 else 0 end) = 1 as boolean) as is_gradable,
        cast(count(*) as integer) as n_events,
        cast(count(*) - count(grade) as integer) as n_ungraded,
        cast(max(case when is_serious then 1 else 0 end) = 1 as boolean) as is_serious,
        cast(max(case when is_related then 1 else 0 end) = 1 as boolean) as is_related,
        cast(max(case when is_adr then 1 else 0 end) = 1 as boolean) as is_adr,
        cast(max(case when is_related then grade end) as integer) as worst_related_grade,
        cast(max(case when is_related or is_unclear then 1 else 0 end) = 1 as boolean) as is_related_or_unclear,
        cast(max(case when relatedness = 'MISSING' then 1 else 0 end) = 1 as boolean) as has_relatedness_missing,
        cast(min(started_on) as date) as first_onset_on,
        cast(case
            when max(grade) is not null then 'AE_WORST_GRADE'
            when min(case when is_gradable then 1 else 0 end) = 1 then 'AE_WORST_GRADE_MISSING'
            else 'AE_NOT_GRADABLE'
        end as varchar) as rule,
        cast('adverse_event' as varchar) as source_table,
        cast(max(case when place = 1 then event_key end) as varchar) as source_key
    from ordered
    group by patient_id, scope, unit, preferred_term
)
select * from final
