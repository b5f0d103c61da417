-- One row per subject and characteristic of DM.
-- from: dm
-- otherwise: no_characteristic
with named as (
    select "USUBJID", 'arm' as name, "ARM" as value, source_file, source_row from source.dm
    union all
    select "USUBJID", 'race', "RACE", source_file, source_row from source.dm
    union all
    select "USUBJID", 'ethnicity', "ETHNIC", source_file, source_row from source.dm
    union all
    select "USUBJID", 'country', "COUNTRY", source_file, source_row from source.dm
),
final as (
    select "USUBJID" as patient_id, name, value, source_file, source_row from named where value is not null
)
select * from final
