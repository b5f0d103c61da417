-- One row per line with a progression: patients, and those whose sample at it has a result.
select
    p.line, count(*) as n_progressed,
    count(case when p.rule not in ('PAIR_NO_PROGRESSION_SAMPLE', 'PAIR_NO_RESULT') then 1 end) as n_sampled
from acquired_variant_pair as p
where p.patient_id in (select patient_id from usable_patient where enrolled_on is not null /* and cohort */)
group by p.line
order by p.line
