-- One row per adverse event without a grade where the extract records grades, and per fatal one (grade 5, or death as the
-- reason why it was serious) of a patient without a recorded death.
with dead as (
    select distinct patient_id from contact where vital_status = 'dead'
)

select
    'adverse_event' as table_name,
    row_key,
    'grade' as column_name,
    patient_id,
    term || ', no grade' as value_text
from adverse_event
where grade is null and exists (select 1 from adverse_event as other where other.grade is not null)
union all
select 'adverse_event', event.row_key, 'outcome', event.patient_id, event.term || ', fatal, no death recorded'
from adverse_event as event
left join dead on event.patient_id = dead.patient_id
where
    dead.patient_id is null and (event.grade = 5 or event.serious_criterion = 'death')
    and exists (select 1 from contact)
