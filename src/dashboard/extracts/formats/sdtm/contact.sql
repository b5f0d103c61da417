-- One row per contact with vital status (SS) and per death (DM, else DS). The cause is in DD.
-- from: dm, ds, ss
-- otherwise: no_vital_status
with cause as (
    select "USUBJID", min(coalesce("DDORRES", "DDSTRESC")) as cause from source.dd
    where upper("DDTESTCD") = 'PRCDTH' group by "USUBJID"
),
death as (
    select "USUBJID", "DTHDTC" as died_on, source_file, source_row from source.dm where "DTHDTC" is not null
    union all
    select ds."USUBJID", ds."DSSTDTC", ds.source_file, ds.source_row from source.ds as ds
    where upper(ds."DSDECOD") = 'DEATH'
        and not exists (select 1 from source.dm as dm where dm."USUBJID" = ds."USUBJID" and dm."DTHDTC" is not null)
),
status as (
    select "USUBJID" as patient_id, "SSDTC" as contact_on, lower(coalesce("SSSTRESC", "SSORRES")) as vital_status,
        source_file, source_row
    from source.ss where upper("SSTESTCD") = 'SURVSTAT' and upper(coalesce("SSSTRESC", "SSORRES")) <> 'DEAD'
),
final as (
    select
        death."USUBJID" as patient_id,
        death.died_on as contact_on,
        'dead' as vital_status,
        death.died_on as died_on,
        case
            when cause.cause is null then null
            when cause.cause ilike '%disease%' or cause.cause ilike '%cancer%' or cause.cause ilike '%progress%' then 'cancer'
            when cause.cause ilike '%treatment%' or cause.cause ilike '%toxic%' then 'treatment'
            when cause.cause ilike '%unknown%' then 'unknown'
            else 'other'
        end as death_cause,
        cause.cause as death_cause_as_written,
        death.source_file,
        death.source_row
    from death left join cause using ("USUBJID")
    union all by name
    select patient_id, contact_on, vital_status, source_file, source_row from status
)
select * from final
