-- One row per contact that is alive with a date of death, and per treatment or adverse event that says the patient died
-- while no contact does.
with dead as (
    select distinct patient_id from contact where vital_status = 'dead' or died_on is not null
),

said as (
    select 'treatment' as table_name, row_key, 'stop_reason' as column_name, patient_id, 'treatment stopped for death' as value_text
    from treatment
    where stop_reason = 'death'
    union all
    select 'disposition', row_key, 'reason', patient_id, 'left the study for death'
    from disposition
    where lower(reason) in ('death', 'died', 'dead')
)

select
    'contact' as table_name,
    row_key,
    'vital_status' as column_name,
    patient_id,
    vital_status || ', died ' || cast(died_on as varchar) as value_text
from contact
where vital_status <> 'dead' and died_on is not null
union all
select said.table_name, said.row_key, said.column_name, said.patient_id, said.value_text || ', no death recorded'
from said
left join dead on said.patient_id = dead.patient_id
where dead.patient_id is null and exists (select 1 from contact)
