-- One row per valid ctDNA draw that has an imaging response within the pairing window (clinical-decisions A12).
with final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(sample_id as varchar) as sample_id,
        cast(asked_on as date) as collected_on,
        cast(assessed_on as date) as assessed_on,
        cast(gap_days as integer) as gap_days,
        cast(line as integer) as line,
        cast(response as varchar) as response,
        cast(is_baseline_draw as boolean) as is_baseline_draw,
        cast(is_within_sensitivity as boolean) as is_within_sensitivity,
        cast(rule as varchar) as rule,
        cast(response_key as varchar) as response_key
    from imaging_answer
    where kind = 'DRAW' and rule = 'PAIRED'
)

select * from final
