-- One row per event of DS that changes a subject's place in the study.
with final as (
    select
        "USUBJID" as patient_id,
        case "DSDECOD"
            when 'SCREEN FAILURE' then 'screen_failure'
            when 'LOST TO FOLLOW-UP' then 'lost_to_follow_up'
            when 'WITHDRAWAL OF CONSENT' then 'withdrawal_of_consent'
            when 'TRANSFERRED' then 'transfer'
            when 'CTDNA SUBSTUDY DECLINED' then 'ctdna_declined'
            else lower("DSDECOD")
        end as kind,
        "DSSTDTC" as happened_on,
        "DSTERM" as reason,
        source_file,
        source_row
    from source.ds
    where "DSCAT" <> 'PROTOCOL MILESTONE'
)

select * from final
