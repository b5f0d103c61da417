-- One row per receptor, marker or histology result of MI.
-- from: mi
-- otherwise: no_result
with final as (
    select
        "USUBJID" as patient_id,
        coalesce("MILOC", "MISPEC") as specimen,
        "MIDTC" as taken_on,
        lower("MITESTCD") as test,
        coalesce("MISTRESC", "MIORRES") as result,
        "MISTRESN" as value_percent,
        "MIORRES" as result_as_written,
        source_file,
        source_row
    from source.mi where coalesce("MISTRESC", "MIORRES") is not null
)
select * from final
