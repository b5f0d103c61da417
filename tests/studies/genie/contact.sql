-- One row per patient with the day last known alive, and one with the day of death.
with final as (
    select "record_id" as patient_id, "last_alive_int" as contact_on, 'alive' as vital_status,
        cast(null as varchar) as died_on, source_file, source_row
    from source.subject where "last_alive_int" is not null
    union all
    select "record_id", "hybrid_death_int", 'dead', "hybrid_death_int", source_file, source_row
    from source.subject where "hybrid_death_int" is not null
)
select * from final
