-- One row per patient treated while events were collected and way of counting.
select
    d.patient_id, d.scope, d.unit, d.started_on, d.exposure_days, d.risk_days, d.is_recorded,
    d.started_on < p.enrolled_on as began_before
from adverse_event_denominator as d
inner join usable_patient as p on d.patient_id = p.patient_id
where
    d.patient_id in (select patient_id from usable_patient where enrolled_on is not null /* and cohort */)
    and (cast($scope as varchar) is null or d.scope = $scope) and (cast($unit as varchar) is null or d.unit = $unit)
order by d.scope, d.unit, d.patient_id
