-- One row per contact alive after the recorded death; a partial contact date counts with its first possible day.
with death as (
    select patient_id, min(coalesce(died_on, contact_on)) as died_on
    from contact
    where vital_status = 'dead'
    group by patient_id
)

select
    'contact' as table_name,
    contact.row_key,
    'contact_on' as column_name,
    contact.patient_id,
    cast(contact.contact_on as varchar) || ', died ' || cast(death.died_on as varchar) as value_text
from contact
inner join death on contact.patient_id = death.patient_id
where contact.vital_status = 'alive' and earliest_day(contact.contact_on, contact.contact_on_precision) > death.died_on
