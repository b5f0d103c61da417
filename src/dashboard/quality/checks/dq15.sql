-- One row per death or progression dated to the month or year only.
select
    'contact' as table_name,
    row_key,
    'died_on' as column_name,
    patient_id,
    'death dated to the ' || coalesce(died_on_precision, contact_on_precision) as value_text
from contact
where vital_status = 'dead' and coalesce(died_on_precision, contact_on_precision) in ('month', 'year')
union all
select 'response', row_key, 'assessed_on', patient_id, 'progression dated to the ' || assessed_on_precision
from response
where overall = 'pd' and assessed_on_precision in ('month', 'year')
