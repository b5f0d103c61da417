-- One row per adverse event; of several reasons why it was serious the gravest.
with final as (
    select
        "USUBJID" as patient_id, "AESEQ" as event_id, "AEDECOD" as term, "AEBODSYS" as organ_class,
        "AETOXGR" as grade, left("ASTDTM", 10) as started_on, left("AENDTM", 10) as ended_on,
        "AESER" = 'Y' as is_serious,
        case
            when "AESDTH" = 'Y' then 'death'
            when "AESLIFE" = 'Y' then 'life_threatening'
            when "AESHOSP" = 'Y' then 'hospitalisation'
            when "AESDISAB" = 'Y' then 'disability'
            when "AESCONG" = 'Y' then 'congenital_anomaly'
            when "AESMIE" = 'Y' then 'important_event'
        end as serious_criterion,
        "AEOUT" as outcome, source_file, source_row
    from source.event
)

select * from final
