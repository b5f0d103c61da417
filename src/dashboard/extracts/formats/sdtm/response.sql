-- One row per subject, visit, date and reader: the investigator, and the accepted independent reader as central.
-- Criteria other than RECIST 1.1 are left out.
-- from: rs
-- otherwise: other_reader_or_other_criteria
with finding as (
    select
        *,
        case
            when upper("RSEVAL") = 'INVESTIGATOR' then 'investigator'
            when "RSEVAL" is null then 'unknown'
            when "RSACPTFL" = 'Y' or (select max("RSACPTFL") from source.rs) is null then 'central'
        end as assessor,
        lower(replace(replace("RSSTRESC", '-', '_'), '/', '_')) as result
    from source.rs
    where "RSTESTCD" in ('OVRLRESP', 'TRGRESP', 'NTRGRESP', 'NEWLPROG')
        and (coalesce("RSCAT", 'RECIST 1.1') ilike 'recist%' or "RSCAT" ilike '%response%')
),
diameter_sum as (
    select
        "USUBJID",
        "VISIT",
        "TRDTC",
        case when upper("TREVAL") = 'INVESTIGATOR' then 'investigator' when "TREVAL" is null then 'unknown' else 'central' end
            as assessor,
        max("TRSTRESN") as sum_mm
    from source.tr
    where "TRTESTCD" = 'SUMDIAM' and ("TRACPTFL" = 'Y' or upper("TREVAL") = 'INVESTIGATOR' or "TREVAL" is null)
    group by all
    having count(distinct "TRSTRESN") = 1
),
assessment as (
    select
        "USUBJID",
        "VISIT",
        "RSDTC",
        assessor,
        max(result) filter ("RSTESTCD" = 'OVRLRESP') as overall,
        max(result) filter ("RSTESTCD" = 'TRGRESP') as target,
        max(result) filter ("RSTESTCD" = 'NTRGRESP') as non_target,
        max(result) filter ("RSTESTCD" = 'NEWLPROG') as new_lesion,
        max("RSORRES") filter ("RSTESTCD" = 'OVRLRESP') as as_written,
        count(*) filter ("RSTESTCD" = 'OVRLRESP') as n_overall,
        min(source_file) as source_file,
        min(source_row) as source_row,
        list(source_row order by source_row) as source_rows
    from finding where assessor is not null group by all
),
final as (
    select
        assessment."USUBJID" as patient_id,
        assessment."RSDTC" as assessed_on,
        assessment.assessor,
        assessment."VISIT" as visit,
        assessment.target,
        assessment.non_target,
        case
            when assessment.new_lesion in ('y', 'yes', 'unequivocal', 'new') then 'yes'
            when assessment.new_lesion in ('n', 'no') then 'no'
            else assessment.new_lesion
        end as new_lesion,
        case when assessment.n_overall > 1 then 'several records' else assessment.overall end as overall,
        assessment.as_written,
        'imaging' as basis,
        diameter_sum.sum_mm as sum_of_diameters_mm,
        assessment.source_file,
        assessment.source_row,
        assessment.source_rows
    from assessment left join diameter_sum
        on diameter_sum."USUBJID" = assessment."USUBJID" and diameter_sum."VISIT" = assessment."VISIT"
            and diameter_sum."TRDTC" = assessment."RSDTC" and diameter_sum.assessor = assessment.assessor
)
select * from final
