-- One row per receptor or marker of MI; HER2 2+ together with the ISH result of the same specimen.
with in_situ as (
    select "USUBJID", "MILOC", "MIDTC", "MISTRESC" as result, source_row
    from source.mi
    where "MITESTCD" = 'HER2ISH'
),

intensity as (
    select "USUBJID", "IDVARVAL", max("QVAL") as intensity
    from source.suppmi
    where "QNAM" = 'MIINTENS'
    group by "USUBJID", "IDVARVAL"
),

final as (
    select
        mi."USUBJID" as patient_id,
        lower(mi."MILOC") as specimen,
        mi."MIDTC" as taken_on,
        lower(mi."MITESTCD") as test,
        case
            when mi."MISTRESC" = '2+' and in_situ.result = 'NEGATIVE' then '2+ ISH-'
            when mi."MISTRESC" = '2+' and in_situ.result = 'POSITIVE' then '2+ ISH+'
            when mi."MISTRESC" = '2+' then '2+ ISH missing'
            else lower(mi."MISTRESC")
        end as result,
        mi."MISTRESN" as value_percent,
        intensity.intensity,
        mi."MIORRES" as result_as_written,
        mi.source_file,
        mi.source_row,
        list_filter([mi.source_row, in_situ.source_row], lambda one: one is not null) as source_rows
    from source.mi as mi
    left join in_situ
        on
            mi."MITESTCD" = 'HER2'
            and mi."USUBJID" = in_situ."USUBJID"
            and mi."MILOC" is not distinct from in_situ."MILOC"
            and mi."MIDTC" is not distinct from in_situ."MIDTC"
    left join intensity on mi."USUBJID" = intensity."USUBJID" and mi."MISEQ" = intensity."IDVARVAL"
    where mi."MITESTCD" <> 'HER2ISH'
)

select * from final
