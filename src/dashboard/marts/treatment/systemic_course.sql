-- One row per systemic course that may belong to a line of therapy.
with deaths as (
    select patient_id, min(coalesce(died_on, contact_on)) as died_on from usable_contact
    where vital_status = 'dead' group by patient_id
),
-- Adjuvant, neoadjuvant and supportive treatment never is a line; curative only where recorded as one.
final as (
    select
        cast(t.patient_id as varchar) as patient_id,
        cast(t.line as integer) as recorded_line,
        cast(t.started_on as date) as started_on,
        cast(case when t.ended_on <= p.observed_until then t.ended_on end as date) as ended_on,
        cast(coalesce(t.is_ongoing, true) as boolean) as may_go_on,
        cast(coalesce(t.is_ongoing, false) and t.ended_on is null as boolean) as goes_on,
        cast(t.intent as varchar) as intent,
        cast(lower(coalesce(t.agents, t.regimen, t.treatment_id)) as varchar) as agents,
        cast(coalesce(t.regimen, t.agents) as varchar) as regimen,
        cast(t.start_reason as varchar) as start_reason,
        cast(t.stop_reason as varchar) as stop_reason,
        cast(p.observed_until as date) as observed_until,
        cast(d.died_on as date) as died_on,
        cast('treatment' as varchar) as source_table,
        cast(t.row_key as varchar) as source_key
    from usable_treatment as t
    inner join usable_patient as p on t.patient_id = p.patient_id
    left join deaths as d on t.patient_id = d.patient_id and d.died_on <= p.observed_until
    where t.kind = 'systemic' and t.part_of is null and t.started_on <= p.observed_until
        and coalesce(t.intent, 'unknown') not in ('adjuvant', 'neoadjuvant', 'supportive')
        and (t.line is not null or coalesce(t.intent, 'unknown') <> 'curative')
)
select * from final
