-- One row per laboratory value: patients assessed, patients worse than before treatment, and the same term as reported.
with enrolled as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),
values_of as (
    select l.*
    from adverse_event_laboratory as l
    inner join enrolled as e on l.patient_id = e.patient_id
    where l.scope = $scope and l.unit = $unit
)
select
    v.preferred_term, count(*) as n_assessed,
    count(*) filter (where v.is_worse_than_baseline) as n_any,
    count(*) filter (where v.is_worse_than_baseline and v.worst_grade >= 3) as n_3,
    count(*) filter (where v.is_worse_than_baseline and v.worst_grade = 4) as n_4,
    count(w.patient_id) as n_reported,
    count(w.patient_id) filter (where w.worst_grade >= 3) as n_reported_3,
    count(w.patient_id) filter (where w.worst_grade = 4) as n_reported_4
from values_of as v
left join adverse_event_worst as w
    on v.patient_id = w.patient_id and v.scope = w.scope and v.unit = w.unit and v.preferred_term = w.preferred_term
group by v.preferred_term
order by v.preferred_term
