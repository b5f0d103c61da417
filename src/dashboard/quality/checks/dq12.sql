-- One row per recorded death without a cause, where the extract records causes.
select
    'contact' as table_name,
    row_key,
    'death_cause' as column_name,
    patient_id,
    cast(coalesce(died_on, contact_on) as varchar) as value_text
from contact
where
    vital_status = 'dead' and death_cause is null
    and exists (select 1 from contact as other where other.death_cause is not null)
