-- One row per CTCAE version among the reports, with the number of reports.
select coalesce(r.ctcae_version, '') as version, count(*) as n
from adverse_event_report as r
where r.patient_id in (select patient_id from usable_patient where enrolled_on is not null /* and cohort */)
group by coalesce(r.ctcae_version, '')
order by version
