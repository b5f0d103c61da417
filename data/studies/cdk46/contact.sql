-- One row per contact with vital status (SS) and per death (DM, with its cause in DD).
with cause as (
    select "USUBJID", max("DDORRES") as cause
    from source.dd
    where "DDTESTCD" = 'PRCDTH'
    group by "USUBJID"
),

death as (
    select
        dm."USUBJID" as patient_id,
        dm."DTHDTC" as contact_on,
        'dead' as vital_status,
        dm."DTHDTC" as died_on,
        case cause.cause
            when 'DISEASE PROGRESSION' then 'cancer'
            when 'TREATMENT TOXICITY' then 'treatment'
            else lower(cause.cause)
        end as death_cause,
        cause.cause as death_cause_as_written,
        'true' as is_treatment_reviewed,
        dm.source_file,
        dm.source_row
    from source.dm as dm
    left join cause on dm."USUBJID" = cause."USUBJID"
    where dm."DTHDTC" is not null
),

status as (
    select
        "USUBJID" as patient_id,
        "SSDTC" as contact_on,
        case "SSORRES" when 'LOST TO FOLLOW-UP' then 'lost' else lower("SSORRES") end as vital_status,
        -- Whoever was reached was asked about treatment (follow-up form, item 3).
        case when "SSORRES" = 'ALIVE' then 'true' end as is_treatment_reviewed,
        source_file,
        source_row
    from source.ss
    where "SSTESTCD" = 'SURVSTAT' and "SSORRES" <> 'DEAD'
),

final as (
    select * from death
    union all by name
    select * from status
)

select * from final
