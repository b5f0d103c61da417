-- One row per patient, line with target disease at its baseline, and nadir in force: the nadir from that day on, and
-- the sum from which PD would be called.
with baseline as (
    -- Where every target had gone or is a normal node, no sum says PD before disease is seen again (TARGET_PD_FROM_NONE).
    select * from line_baseline where has_target
),
-- RECIST 1.1 section 4.3.1: the nadir is the smallest sum so far, the baseline included; baseline and nadir begin anew
-- with each line (clinical-decisions A1). A scan is compared with the nadir before it: its own one holds from then on.
nadir as (
    select
        -- A baseline borrowed from the line before is the limit of this one from its start only.
        patient_id, line, case when kind = 'OWN' then measured_on else started_on end as from_on,
        next_started_on, sum_tenth_mm as baseline_tenth_mm, sum_tenth_mm as nadir_tenth_mm, source_table, source_key
    from baseline
    union all
    select
        smaller.patient_id, baseline.line, smaller.assessed_on, baseline.next_started_on, baseline.sum_tenth_mm,
        smaller.sum_tenth_mm, smaller.source_table, smaller.source_key
    from target_response as smaller
    inner join baseline on smaller.patient_id = baseline.patient_id and coalesce(smaller.line, 0) = baseline.line
    where smaller.is_complete and smaller.nadir_tenth_mm is not null and smaller.sum_tenth_mm < smaller.nadir_tenth_mm
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(line as integer) as line,
        cast(from_on as date) as from_on,
        cast(coalesce(
            lead(from_on) over (partition by patient_id, line order by from_on nulls last), next_started_on
        ) as date) as until_on,
        cast(baseline_tenth_mm as bigint) as baseline_tenth_mm,
        cast(nadir_tenth_mm as bigint) as nadir_tenth_mm,
        -- In whole mm: 20 % and 5 mm over the nadir; over a nadir of 0 any diameter.
        cast(case
            when nadir_tenth_mm = 0 then 10
            -- 20 % is more than 5 mm from a nadir of 25 mm on.
            when nadir_tenth_mm >= 250
                then 10 * cast(ceil(cast(nadir_tenth_mm as decimal(12, 0)) * 0.12) as bigint)
            else 10 * cast(ceil(cast(nadir_tenth_mm + 50 as decimal(12, 0)) * 0.1) as bigint)
        end as bigint) as pd_from_tenth_mm,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from nadir
)
select * from final
