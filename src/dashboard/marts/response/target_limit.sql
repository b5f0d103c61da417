-- One row per patient and line with target disease at its baseline: the nadir as it stood last, and the sum from which PD would be called.
with compared as (
    select patient_id, line, min(sum_tenth_mm) as smallest_tenth_mm
    from target_response
    where is_complete and nadir_tenth_mm is not null
    group by patient_id, line
),
-- Baseline and nadir begin anew with each line (clinical-decisions A1); without a sum since, the nadir is the baseline.
nadir as (
    select
        baseline.*,
        case
            when compared.smallest_tenth_mm < baseline.sum_tenth_mm then compared.smallest_tenth_mm
            else baseline.sum_tenth_mm
        end as nadir_tenth_mm
    from line_baseline as baseline
    left join compared
        on baseline.patient_id = compared.patient_id and baseline.line = coalesce(compared.line, 0)
    -- Where every target had gone or is a normal node, no sum says PD before disease is seen again (TARGET_PD_FROM_NONE).
    where baseline.has_target
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(line as integer) as line,
        -- A baseline borrowed from the line before is the limit of this one from its start only.
        cast(case when kind = 'OWN' then measured_on else started_on end as date) as from_on,
        cast(next_started_on as date) as until_on,
        cast(sum_tenth_mm as bigint) as baseline_tenth_mm,
        cast(nadir_tenth_mm as bigint) as nadir_tenth_mm,
        -- RECIST 1.1 section 4.3.1, in whole mm: 20 % and 5 mm over the nadir; over a nadir of 0 any diameter.
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
