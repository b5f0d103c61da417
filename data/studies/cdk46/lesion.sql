-- One row per lesion and assessment of TR, with the place that TU gives.
with place as (
    select
        tu."USUBJID",
        tu."TULNKID",
        replace(lower(max(tu."TULOC")), ' ', '_') as organ,
        max(location."QVAL") as location
    from source.tu as tu
    left join source.supptu as location
        on
            tu."USUBJID" = location."USUBJID"
            and tu."TUSEQ" = location."IDVARVAL"
            and location."QNAM" = 'LOCTEXT'
    group by tu."USUBJID", tu."TULNKID"
),

final as (
    select
        tr."USUBJID" as patient_id,
        tr."TRLNKID" as lesion_id,
        tr."TRDTC" as assessed_on,
        tr."VISIT" as visit,
        replace(lower(tr."TRGRPID"), '-', '_') as role,
        place.organ,
        place.location,
        cast(place.organ = 'lymph_node' as varchar) as is_node,
        tr."TRSTRESN" as diameter_mm,
        case when tr."TRTESTCD" = 'TUMSTATE' then replace(lower(tr."TRSTRESC"), ' ', '_') else 'measured' end
            as state,
        tr.source_file,
        tr.source_row
    from source.tr as tr
    left join place on tr."USUBJID" = place."USUBJID" and tr."TRLNKID" = place."TULNKID"
    where tr."TRTESTCD" in ('LDIAM', 'SAXIS', 'TUMSTATE')
)

select * from final
