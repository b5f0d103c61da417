-- One row per subject with the day last known alive, and one with the day of death.
with final as (
    select "USUBJID" as patient_id, "LSTALVDT" as contact_on, 'alive' as vital_status, cast(null as varchar) as died_on,
        cast(null as varchar) as death_cause, cast(null as varchar) as death_cause_as_written, source_file, source_row
    from source.subject where "LSTALVDT" is not null
    union all
    select "USUBJID", "DTHDT", 'dead', "DTHDT",
        case
            when "DTHCAT" = 'PROGRESSIVE DISEASE' then 'cancer'
            when "DTHCAUS" in ('MISSING') then null
            when "DTHCAUS" in ('UNKNOWN') then 'unknown'
            else 'other'
        end, "DTHCAUS", source_file, source_row
    from source.subject where "DTHDT" is not null
)

select * from final
