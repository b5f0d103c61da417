-- One row per patient, way of counting (all treatment, line, drug, local treatment) and spell of treatment.
-- clinical-decisions A25b: an event belongs to the line in force, or within a few days after its last dose
-- unless the next line has begun. Spells of one drug that touch are one; no day is counted twice. Where events
-- are collected from enrolment, no day before it is at risk. Nobody is at risk after leaving the study, since no
-- event would be recorded (docs/decisions/0026); one that is recorded all the same belongs to its line as any other.
with departures as (
    select patient_id, min(case when reason = 'DIED' then left_on end) as died_on, min(left_on) as left_on
    from patient_departure
    group by patient_id
),
people as (
    select
        p.patient_id, d.left_on, coalesce(d.died_on, p.observed_until) as until_on,
        case when s.adverse_events_from = 'enrolment' then p.enrolled_on end as collected_from_on
    from usable_patient as p
    cross join study as s
    left join departures as d on p.patient_id = d.patient_id
),
lines as (
    select
        l.patient_id, l.line, l.started_on, l.next_started_on, p.until_on,
        case
            when l.next_started_on <= l.last_dose_on then l.next_started_on - 1
            else coalesce(l.last_dose_on, l.started_on)
        end as last_dose_on
    from line_of_therapy as l
    inner join people as p on l.patient_id = p.patient_id
),
line_spells as (
    select
        l.patient_id, cast(l.line as varchar) as unit, l.started_on, l.last_dose_on,
        least(
            coalesce(l.last_dose_on + s.adverse_event_after_days, l.until_on),
            coalesce(l.next_started_on - 1, l.until_on), coalesce(l.until_on, l.last_dose_on)
        ) as risk_until
    from lines as l
    cross join study as s
),
courses as (
    select
        k.patient_id, d.agent, k.started_on, l.next_started_on, l.until_on,
        case
            when k.ended_on is not null then k.ended_on
            when k.goes_on then l.until_on
            when l.last_dose_on < k.started_on then k.started_on
            else l.last_dose_on
        end as last_dose_on
    from systemic_course as k
    inner join course_line as c on k.patient_id = c.patient_id and k.source_key = c.source_key
    inner join lines as l on c.patient_id = l.patient_id and c.line = l.line
    inner join course_drug as d on k.patient_id = d.patient_id and k.source_key = d.source_key and d.opens_line
),
drug_spells as (
    select
        c.patient_id, c.agent as unit, c.started_on, c.last_dose_on,
        least(
            coalesce(c.last_dose_on + s.adverse_event_after_days, c.until_on),
            coalesce(case when c.next_started_on > c.last_dose_on then c.next_started_on - 1 end, c.until_on),
            coalesce(c.until_on, c.last_dose_on)
        ) as risk_until
    from courses as c
    cross join study as s
),
-- Late effects of local treatment have no window of their own: they count until systemic treatment begins.
local_treatment as (
    select c.patient_id, min(c.started_on) as started_on, max(c.ended_on) as last_dose_on
    from local_course as c
    inner join study as s on s.index_origin = 'local_therapy'
    group by c.patient_id
),
systemic_after as (
    select c.patient_id, min(l.started_on) as systemic_on
    from local_treatment as c
    inner join lines as l on c.patient_id = l.patient_id and l.started_on > c.started_on
    group by c.patient_id
),
local_spells as (
    select
        c.patient_id, 'LOCAL' as unit, c.started_on, c.last_dose_on,
        case when a.systemic_on is null then p.until_on else a.systemic_on - 1 end as risk_until
    from local_treatment as c
    inner join people as p on c.patient_id = p.patient_id
    left join systemic_after as a on c.patient_id = a.patient_id
),
spells as (
    select 'LINE' as scope, * from line_spells
    union all
    select 'DRUG' as scope, * from drug_spells
    union all
    select 'LOCAL' as scope, * from local_spells
    union all
    select 'ALL' as scope, patient_id, 'ALL' as unit, started_on, last_dose_on, risk_until from line_spells
    union all
    select 'ALL' as scope, patient_id, 'ALL' as unit, started_on, last_dose_on, risk_until from local_spells
),
reached as (
    select
        *,
        max(last_dose_on) over (
            partition by patient_id, scope, unit
            order by started_on nulls last, last_dose_on nulls last, risk_until nulls last
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from spells
),
numbered as (
    select
        *,
        count(case when reached_on is null or started_on > reached_on + 1 then 1 end) over (
            partition by patient_id, scope, unit
            order by started_on nulls last, last_dose_on nulls last, risk_until nulls last
            rows between unbounded preceding and current row
        ) as spell
    from reached
),
merged as (
    select
        patient_id, scope, unit, spell, min(started_on) as started_on, max(last_dose_on) as last_dose_on,
        max(risk_until) as risk_until
    from numbered
    group by patient_id, scope, unit, spell
),
-- A spell is at risk until the next spell of the same treatment begins.
apart as (
    select
        *,
        lead(started_on) over (
            partition by patient_id, scope, unit order by started_on nulls last, spell nulls last
        ) as next_spell_on
    from merged
),
bounded as (
    select
        *, case when next_spell_on <= risk_until then next_spell_on - 1 else risk_until end as belongs_until
    from apart
),
collected as (
    select
        b.*, case when p.collected_from_on > b.started_on then p.collected_from_on else b.started_on end as risk_from,
        case when p.left_on < b.belongs_until then p.left_on else b.belongs_until end as at_risk_until,
        case when p.left_on < b.last_dose_on then p.left_on else b.last_dose_on end as exposed_until
    from bounded as b
    inner join people as p on b.patient_id = p.patient_id
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(scope as varchar) as scope,
        cast(unit as varchar) as unit,
        cast(spell as integer) as spell,
        cast(started_on as date) as started_on,
        cast(last_dose_on as date) as last_dose_on,
        cast(risk_from as date) as risk_from,
        cast(belongs_until as date) as risk_until,
        cast(greatest(coalesce(date_diff('day', started_on, exposed_until) + 1, 0), 0) as integer)
            as exposure_days,
        cast(greatest(coalesce(date_diff('day', risk_from, at_risk_until) + 1, 0), 0) as integer) as risk_days,
        cast(coalesce(belongs_until >= risk_from or risk_from = started_on, true) as boolean) as is_at_risk
    from collected
)
select * from final
