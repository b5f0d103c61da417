-- One row per adverse event of AE. Mild, moderate, severe is no CTCAE grade; the grade comes from AETOXGR only.
-- from: ae
-- otherwise: not_an_event
with final as (
    select
        "USUBJID" as patient_id,
        "AESEQ" as event_id,
        coalesce("AEDECOD", "AETERM") as term,
        "AETERM" as term_as_written,
        coalesce("AESOC", "AEBODSYS") as organ_class,
        "AETOXGR" as grade,
        "AESTDTC" as started_on,
        "AEENDTC" as ended_on,
        "AESER" as is_serious,
        case
            when "AESDTH" = 'Y' then 'death'
            when "AESLIFE" = 'Y' then 'life_threatening'
            when "AESHOSP" = 'Y' then 'hospitalisation'
            when "AESDISAB" = 'Y' then 'disability'
            when "AESCONG" = 'Y' then 'congenital_anomaly'
            when "AESMIE" = 'Y' then 'important_event'
        end as serious_criterion,
        case
            when upper("AEREL") in ('Y', 'RELATED', 'PROBABLE', 'POSSIBLE', 'DEFINITE', 'PROBABLY RELATED', 'POSSIBLY RELATED')
                then 'related'
            when upper("AEREL") in ('N', 'NONE', 'NOT RELATED', 'UNLIKELY', 'UNLIKELY RELATED', 'REMOTE') then 'not_related'
            when upper("AEREL") in ('NOT ASSESSABLE', 'UNKNOWN') then 'not_assessable'
            else lower("AEREL")
        end as relatedness,
        "AEREL" as relatedness_as_written,
        lower("AEACN") as action_taken,
        lower("AEOUT") as outcome,
        source_file,
        source_row
    from source.ae
)
select * from final
