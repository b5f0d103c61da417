-- One row per regimen; its end is counted from diagnosis, so it is moved to days from birth by the regimen's start.
with final as (
    select
        "record_id" as patient_id,
        'cancer ' || "ca_seq" || ' regimen ' || "regimen_number" as treatment_id,
        'systemic' as kind,
        "regimen_drugs" as regimen,
        lower(replace("regimen_drugs", ', ', ' + ')) as agents,
        "regimen_drugs" as agents_as_written,
        "drugs_startdt_int_1" as started_on,
        cast(
            try_cast("drugs_startdt_int_1" as bigint) + try_cast("dx_reg_end_all_int" as bigint)
            - try_cast("dx_reg_start_int" as bigint) as varchar
        ) as ended_on,
        source_file,
        source_row
    from source.regimen
)
select * from final
