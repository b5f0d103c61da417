-- One row per course of a study drug (EX), per anticancer treatment (CM), per radiotherapy, ablation or operation (PR),
-- and per dose reduction inside a course of EX.
-- from: ex, cm, pr
-- otherwise: not_an_anticancer_treatment
with dose as (
    select
        *,
        try_cast("EXDOSE" as decimal(12, 3)) as amount,
        max(try_cast("EXDOSE" as decimal(12, 3))) over (
            partition by "USUBJID", "EXTRT" order by "EXSTDTC" nulls last, "EXSEQ"
            rows between unbounded preceding and 1 preceding
        ) as highest_before,
        row_number() over (partition by "USUBJID", "EXTRT" order by "EXSTDTC" nulls last, "EXSEQ") as number,
        row_number() over (partition by "USUBJID", "EXTRT" order by "EXSTDTC" desc nulls first, "EXSEQ" desc) as number_back
    from source.ex
),
course as (
    select
        "USUBJID" as patient_id,
        lower("EXTRT") as treatment_id,
        cast(null as varchar) as part_of,
        'systemic' as kind,
        "EXTRT" as regimen,
        lower("EXTRT") as agents,
        "EXTRT" as agents_as_written,
        max(regexp_extract(upper("EXSCAT"), 'LINE (\d+)', 1)) as line,
        min("EXSTDTC") as started_on,
        max("EXENDTC") filter (number_back = 1) as ended_on,
        max("EXDOSE") filter (number = 1) as dose,
        max("EXDOSU") filter (number = 1) as dose_unit,
        min(source_file) as source_file,
        min(source_row) as source_row,
        list(source_row order by source_row) as source_rows
    from dose group by "USUBJID", "EXTRT"
),
reduction as (
    select
        "USUBJID" as patient_id,
        lower("EXTRT") || ' dose step ' || "EXSEQ" as treatment_id,
        lower("EXTRT") as part_of,
        case when amount = 0 then 'dose_hold' else 'dose_reduction' end as kind,
        "EXTRT" as regimen,
        lower("EXTRT") as agents,
        "EXSTDTC" as started_on,
        "EXENDTC" as ended_on,
        "EXDOSE" as dose,
        "EXDOSU" as dose_unit,
        source_file,
        source_row
    from dose where amount < highest_before
),
other_drug as (
    select
        "USUBJID" as patient_id,
        'CM ' || "CMSEQ" as treatment_id,
        'systemic' as kind,
        case
            when "CMCAT" ilike '%neoadjuvant%' or "CMSCAT" ilike '%neoadjuvant%' then 'neoadjuvant'
            when "CMCAT" ilike '%adjuvant%' or "CMSCAT" ilike '%adjuvant%' then 'adjuvant'
        end as intent,
        coalesce("CMDECOD", "CMTRT") as regimen,
        lower(coalesce("CMDECOD", "CMTRT")) as agents,
        "CMTRT" as agents_as_written,
        regexp_extract(upper(coalesce("CMSCAT", '') || ' ' || coalesce("CMCAT", '')), 'LINE (\d+)', 1) as line,
        "CMSTDTC" as started_on,
        "CMENDTC" as ended_on,
        case when 'ONGOING' in (upper("CMENRTPT"), upper("CMENRF")) then 'true' end as is_ongoing,
        case
            when "CMRSDISC" ilike '%progress%' then 'progression'
            when "CMRSDISC" ilike '%adverse%' or "CMRSDISC" ilike '%toxic%' then 'toxicity'
            when "CMRSDISC" ilike '%complet%' then 'planned'
            when "CMRSDISC" is not null then 'other'
        end as stop_reason,
        "CMRSDISC" as stop_reason_as_written,
        source_file,
        source_row
    from source.cm
    where coalesce("CMCAT", '') || ' ' || coalesce("CMSCAT", '') || ' ' || coalesce("CMCLAS", '')
        similar to '(?i).*(cancer|antineoplastic|oncolog|chemotherap|endocrine therapy).*'
),
local_treatment as (
    select
        "USUBJID" as patient_id,
        'PR ' || "PRSEQ" as treatment_id,
        case
            when "PRCAT" || ' ' || "PRTRT" ilike '%radio%' and "PRTRT" not ilike '%radiofrequency%' then 'radiotherapy'
            when "PRTRT" ilike '%ablation%' or "PRCAT" ilike '%ablation%' then 'ablation'
            when "PRCAT" ilike '%surg%' or "PRTRT" ilike '%ectomy%' or "PRTRT" ilike '%resection%' then 'surgery'
        end as kind,
        coalesce("PRDECOD", "PRTRT") as regimen,
        "PRSTDTC" as started_on,
        "PRENDTC" as ended_on,
        "PRLNKID" as lesion_id,
        lower("PRLOC") as organ,
        case when upper("PRDOSU") = 'GY' then "PRDOSE" end as total_dose_gy,
        source_file,
        source_row
    from source.pr
),
final as (
    select * from course
    union all by name
    select * from reduction
    union all by name
    select * from other_drug
    union all by name
    select * from local_treatment where kind is not null
)
select * from final
