-- One row per patient, way of counting and line counted in it in which no event is recorded for anybody: days at risk.
-- The risk_days of a spell end before its risk_until where the patient left the study.
with silent as (
    select patient_id, unit as line from adverse_event_denominator where scope = 'LINE' and not is_recorded
)
select
    x.patient_id, x.unit, s.line,
    sum(greatest(
        date_diff(
            'day', greatest(x.risk_from, l.risk_from),
            least(x.risk_until, l.risk_until, x.risk_from + x.risk_days - 1)
        ) + 1,
        0
    )) as risk_days
from silent as s
inner join adverse_event_exposure as l on s.patient_id = l.patient_id and l.scope = 'LINE' and s.line = l.unit
inner join adverse_event_exposure as x
    on l.patient_id = x.patient_id and x.scope = $scope
    and x.risk_from <= l.risk_until and l.risk_from <= x.risk_until
where
    x.patient_id in (select patient_id from usable_patient where enrolled_on is not null /* and cohort */)
    and (cast($unit as varchar) is null or x.unit = $unit)
group by x.patient_id, x.unit, s.line
order by x.patient_id, x.unit, s.line
