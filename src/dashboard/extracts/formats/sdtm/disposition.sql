-- One row per disposition event of DS. Withdrawal counts as withdrawal of consent only where the text says consent:
-- "withdrawal by subject" often ends treatment alone.
-- from: ds
-- otherwise: no_change_of_place_in_the_study
with event as (
    select
        "USUBJID" as patient_id,
        case
            when upper("DSDECOD") in ('SCREEN FAILURE', 'SCREENING NOT COMPLETED') then 'screen_failure'
            when "DSTERM" ilike '%consent%' and upper("DSDECOD") like 'WITHDRAWAL%' then 'withdrawal_of_consent'
            when upper("DSDECOD") = 'LOST TO FOLLOW-UP' then 'lost_to_follow_up'
            when upper("DSDECOD") = 'COMPLETED' then 'completed'
            when upper("DSDECOD") in ('PROTOCOL VIOLATION', 'PROTOCOL DEVIATION') then 'protocol_deviation'
            when upper("DSCAT") = 'DISPOSITION EVENT' and upper("DSDECOD") <> 'DEATH' then 'left_study'
        end as kind,
        coalesce("DSSTDTC", "DSDTC") as happened_on,
        coalesce("DSTERM", "DSDECOD") as reason,
        source_file,
        source_row
    from source.ds
),
final as (
    select * from event where kind is not null
)
select * from final
