-- One row per subject, day and visit of RS: target, non-target, new lesions and overall response of the treating physician.
with pattern as (
    select
        "USUBJID",
        "IDVARVAL",
        max("QVAL") filter ("QNAM" = 'PDPATT') as progression_pattern,
        max("QVAL") filter ("QNAM" = 'PDSITE') as progression_site
    from source.supprs
    group by "USUBJID", "IDVARVAL"
),

finding as (
    select
        rs.*,
        pattern.progression_pattern,
        pattern.progression_site,
        replace(replace(lower(rs."RSSTRESC"), '-', '_'), '/', '_') as result
    from source.rs as rs
    left join pattern on rs."USUBJID" = pattern."USUBJID" and rs."RSSEQ" = pattern."IDVARVAL"
),

diameters as (
    select "USUBJID", "TRDTC", "VISIT", max("TRSTRESN") as sum_mm
    from source.tr
    where "TRTESTCD" = 'SUMDIAM'
    group by "USUBJID", "TRDTC", "VISIT"
),

assessment as (
    select
        "USUBJID" as patient_id,
        "RSDTC" as assessed_on,
        replace(lower("RSEVAL"), ' ', '_') as assessor,
        "VISIT" as visit,
        max(result) filter ("RSTESTCD" = 'TRGRESP') as target,
        max(result) filter ("RSTESTCD" = 'NTRGRESP') as non_target,
        max(case result when 'y' then 'yes' when 'n' then 'no' else result end)
            filter ("RSTESTCD" = 'NEWLPROG') as new_lesion,
        max(result) filter ("RSTESTCD" = 'OVRLRESP') as overall,
        max("RSORRES") filter ("RSTESTCD" = 'OVRLRESP') as as_written,
        case max("RSCAT") when 'CLINICAL ASSESSMENT' then 'clinical' else 'imaging' end as basis,
        max(progression_pattern) as progression_pattern,
        max(progression_site) as progression_site,
        min(source_file) as source_file,
        min(source_row) as source_row,
        list(source_row order by source_row) as source_rows
    from finding
    group by "USUBJID", "RSDTC", "RSEVAL", "VISIT"
),

final as (
    select assessment.*, diameters.sum_mm as sum_of_diameters_mm
    from assessment
    left join diameters
        on
            assessment.patient_id = diameters."USUBJID"
            and assessment.assessed_on = diameters."TRDTC"
            and assessment.visit = diameters."VISIT"
)

select * from final
