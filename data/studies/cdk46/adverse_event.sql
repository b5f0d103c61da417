-- One row per adverse event of AE.
with drug as (
    select "USUBJID", "IDVARVAL", max("QVAL") as related_to
    from source.suppae
    where "QNAM" = 'AERELTO'
    group by "USUBJID", "IDVARVAL"
),

final as (
    select
        ae."USUBJID" as patient_id,
        ae."AESPID" as event_id,
        ae."AEDECOD" as term,
        ae."AETERM" as term_as_written,
        ae."AEBODSYS" as organ_class,
        ae."AETOXGR" as grade,
        ae."AESTDTC" as started_on,
        ae."AEENDTC" as ended_on,
        ae."AESER" as is_serious,
        case when ae."AESHOSP" = 'Y' then 'hospitalisation' end as serious_criterion,
        replace(lower(ae."AEREL"), ' ', '_') as relatedness,
        drug.related_to,
        ae."AEREL" as relatedness_as_written,
        lower(ae."AEACN") as action_taken,
        split_part(lower(ae."AEOUT"), '/', 1) as outcome,
        ae.source_file,
        ae.source_row
    from source.ae as ae
    left join drug on ae."USUBJID" = drug."USUBJID" and ae."AESEQ" = drug."IDVARVAL"
)

select * from final
