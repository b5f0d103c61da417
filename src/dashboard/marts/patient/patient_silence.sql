-- One row per patient followed, lost to follow-up or transferred: the last record of any kind that shows them alive, doses
-- included, and whether nothing has been heard for too long since. Of a lost or transferred patient every day is too long;
-- of who left the study otherwise nothing is awaited.
with known as (
    select
        summary.patient_id, summary.departure,
        coalesce(summary.is_line_ongoing, false) as is_on_treatment, summary.silent_after_days,
        record.occurred_on as known_on, date_diff('day', record.occurred_on, summary.observed_until) as n_days,
        case record.source_table when 'enrolment' then 'patient' else record.source_table end as source_table,
        record.source_key
    from patient_summary as summary
    inner join milestone as record on summary.patient_id = record.patient_id and record.kind = 'known_alive'
    where summary.is_followed or summary.departure in ('LOST', 'TRANSFERRED')
),

limited as (
    select
        known.*,
        case
            when known.departure = 'LOST' then 'SILENCE_LOST'
            when known.departure = 'TRANSFERRED' then 'SILENCE_TRANSFERRED'
            when known.is_on_treatment then 'SILENCE_ON_TREATMENT'
            else 'SILENCE_OFF_TREATMENT'
        end as rule,
        case when known.departure in ('LOST', 'TRANSFERRED') then 0 else known.silent_after_days end as limit_days
    from known
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(known_on as date) as known_on,
        cast(n_days as integer) as n_days,
        cast(limit_days as integer) as limit_days,
        cast(n_days > limit_days as boolean) as is_silent,
        cast(rule as varchar) as rule,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from limited
)

select * from final
