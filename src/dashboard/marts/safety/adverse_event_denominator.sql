-- One row per patient treated while events were collected and way of counting: all, a line, a drug, local treatment.
-- A line or a drug in which not a single event of any term is recorded for anybody has no frequencies: whether
-- events were collected there is not known, and "not collected" must not read as "no toxicity".
with recorded as (
    select 'ALL' as scope, 'ALL' as unit from adverse_event_term
    union
    select case when line is null then 'LOCAL' else 'LINE' end, coalesce(cast(line as varchar), 'LOCAL')
    from adverse_event_term
    where period = 'LOCAL' or line is not null
    union
    select x.scope, x.unit
    from adverse_event_term as t
    inner join adverse_event_exposure as x
        on t.patient_id = x.patient_id and x.scope = 'DRUG' and t.started_on between x.risk_from and x.risk_until
),
treated as (
    select
        patient_id, scope, unit, min(started_on) as started_on, max(last_dose_on) as last_dose_on,
        min(case when is_at_risk then risk_from end) as risk_from, max(risk_until) as risk_until,
        count(*) as n_spells, cast(sum(exposure_days) as integer) as exposure_days,
        cast(sum(risk_days) as integer) as risk_days
    from adverse_event_exposure
    group by patient_id, scope, unit
    having max(case when is_at_risk then 1 else 0 end) = 1
),
final as (
    select
        cast(t.patient_id as varchar) as patient_id,
        cast(t.scope as varchar) as scope,
        cast(t.unit as varchar) as unit,
        cast(t.started_on as date) as started_on,
        cast(t.last_dose_on as date) as last_dose_on,
        cast(t.risk_from as date) as risk_from,
        cast(t.risk_until as date) as risk_until,
        cast(t.n_spells as integer) as n_spells,
        cast(t.exposure_days as integer) as exposure_days,
        cast(t.risk_days as integer) as risk_days,
        cast(r.unit is not null as boolean) as is_recorded,
        cast('AE_DENOMINATOR' as varchar) as rule
    from treated as t
    left join recorded as r on t.scope = r.scope and t.unit = r.unit
)
select * from final
