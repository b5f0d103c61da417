-- One row per patient treated while events were collected and way of counting: all, a line, a drug, local treatment.
with final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(scope as varchar) as scope,
        cast(unit as varchar) as unit,
        cast(min(started_on) as date) as started_on,
        cast(max(last_dose_on) as date) as last_dose_on,
        cast(min(case when is_at_risk then risk_from end) as date) as risk_from,
        cast(max(risk_until) as date) as risk_until,
        cast(count(*) as integer) as n_spells,
        cast(sum(exposure_days) as integer) as exposure_days,
        cast(sum(risk_days) as integer) as risk_days,
        cast('AE_DENOMINATOR' as varchar) as rule
    from adverse_event_exposure
    group by patient_id, scope, unit
    having max(case when is_at_risk then 1 else 0 end) = 1
)
select * from final
