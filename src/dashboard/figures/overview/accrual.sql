-- One row per calendar month with at least one enrolment: patients enrolled in it.
select
    cast(date_trunc('month', enrolled_on) as date) as month,
    count(*) as enrolled
from usable_patient
where enrolled_on is not null
group by 1
order by 1
