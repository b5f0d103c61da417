-- One row per patient, way of counting and term, organ class or any event: worst grade and days to the first onset.
with enrolled as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),
worst as (
    select w.*
    from adverse_event_worst as w
    inner join enrolled as e on w.patient_id = e.patient_id
    where w.scope = $scope and (cast($unit as varchar) is null or w.unit = $unit)
),
levels as (
    select 'TERM' as level, coalesce(organ_class, 'Organ class not recorded') as organ_class, preferred_term as label, *
        exclude (organ_class)
    from worst
    union all
    select 'CLASS', coalesce(organ_class, 'Organ class not recorded'), coalesce(organ_class, 'Organ class not recorded'), *
        exclude (organ_class)
    from worst
    union all
    select 'ANY', '', 'Any adverse event', * exclude (organ_class) from worst
),
grouped as (
    select
        patient_id, scope, unit, level, organ_class, label, max(worst_grade) as worst_grade,
        bool_or(is_gradable) as is_gradable, sum(n_events) as n_events, bool_or(is_serious) as is_serious,
        bool_or(is_related) as is_related, bool_or(is_adr) as is_adr, max(worst_related_grade) as worst_related_grade,
        bool_or(is_related_or_unclear) as is_related_or_unclear,
        bool_or(has_relatedness_missing) as has_relatedness_missing, min(first_onset_on) as first_onset_on
    from levels
    group by patient_id, scope, unit, level, organ_class, label
),
-- Days at risk end with the first onset, or when the patient left the study (risk_days); an event without onset leaves all days at risk.
at_risk as (
    select
        g.patient_id, g.unit, g.level, g.label,
        sum(case
            when g.first_onset_on < x.risk_from then 0
            when g.first_onset_on <= x.risk_until then least(date_diff('day', x.risk_from, g.first_onset_on) + 1, x.risk_days)
            else x.risk_days
        end) as risk_days
    from grouped as g
    inner join adverse_event_exposure as x
        on g.patient_id = x.patient_id and g.scope = x.scope and g.unit = x.unit
    group by g.patient_id, g.unit, g.level, g.label
)
select
    g.patient_id, g.unit, g.level, g.organ_class, g.label, g.worst_grade, g.is_gradable, g.n_events, g.is_serious,
    g.is_related, g.is_adr, g.worst_related_grade, g.is_related_or_unclear, g.has_relatedness_missing, a.risk_days
from grouped as g
inner join at_risk as a
    on g.patient_id = a.patient_id and g.unit = a.unit and g.level = a.level and g.label = a.label
order by g.patient_id, g.unit, g.level, g.label
