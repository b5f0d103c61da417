-- One row per drug course of CM, dose step or hold of EX, and operation or radiotherapy of PR.
with course_reason as (
    select "USUBJID", "IDVARVAL", max("QVAL") as start_reason
    from source.suppcm
    where "QNAM" = 'STRTREAS'
    group by "USUBJID", "IDVARVAL"
),

course as (
    select
        cm."USUBJID" as patient_id,
        cm."CMSPID" as treatment_id,
        'systemic' as kind,
        replace(lower(cm."CMCAT"), ' therapy', '') as intent,
        cm."CMTRT" as regimen,
        lower(cm."CMDECOD") as agents,
        cm."CMTRT" as agents_as_written,
        nullif(regexp_extract(cm."CMSCAT", '^LINE (\d+)$', 1), '') as line,
        cm."CMSTDTC" as started_on,
        cm."CMENDTC" as ended_on,
        case cm."CMENRTPT" when 'ONGOING' then 'true' when 'BEFORE' then 'false' end as is_ongoing,
        replace(lower(course_reason.start_reason), ' ', '_') as start_reason,
        cm."CMRSDISC" as stop_reason,
        cm.source_file,
        cm.source_row
    from source.cm as cm
    left join course_reason on cm."USUBJID" = course_reason."USUBJID" and cm."CMSEQ" = course_reason."IDVARVAL"
),

step_qualifier as (
    select
        "USUBJID",
        "IDVARVAL",
        max("QVAL") filter ("QNAM" = 'COURSE') as part_of,
        max("QVAL") filter ("QNAM" = 'DOSELEV') as dose_level
    from source.suppex
    group by "USUBJID", "IDVARVAL"
),

step as (
    select
        ex."USUBJID" as patient_id,
        ex."EXSPID" as treatment_id,
        step_qualifier.part_of,
        case ex."EXDOSE" when '0' then 'dose_hold' else 'dose_reduction' end as kind,
        lower(ex."EXTRT") as agents,
        ex."EXSTDTC" as started_on,
        ex."EXENDTC" as ended_on,
        case ex."EXADJ" when 'ADVERSE EVENT' then 'toxicity_of_previous' else 'unknown' end as start_reason,
        nullif(ex."EXDOSE", '0') as dose,
        case when ex."EXDOSE" <> '0' then ex."EXDOSU" end as dose_unit,
        step_qualifier.dose_level,
        ex.source_file,
        ex.source_row
    from source.ex as ex
    left join step_qualifier on ex."USUBJID" = step_qualifier."USUBJID" and ex."EXSEQ" = step_qualifier."IDVARVAL"
),

local_qualifier as (
    select
        "USUBJID",
        "IDVARVAL",
        lower(max("QVAL") filter ("QNAM" = 'INTENT')) as intent,
        lower(max("QVAL") filter ("QNAM" = 'TECHNIQ')) as modality,
        max("QVAL") filter ("QNAM" = 'FRACTION') as fractions,
        max("QVAL") filter ("QNAM" = 'DOSEFRAC') as dose_per_fraction_gy,
        replace(lower(max("QVAL") filter ("QNAM" = 'STRTREAS')), ' ', '_') as start_reason
    from source.supppr
    group by "USUBJID", "IDVARVAL"
),

local_treatment as (
    select
        pr."USUBJID" as patient_id,
        pr."PRSPID" as treatment_id,
        lower(pr."PRCAT") as kind,
        local_qualifier.intent,
        pr."PRTRT" as regimen,
        pr."PRSTDTC" as started_on,
        pr."PRENDTC" as ended_on,
        local_qualifier.start_reason,
        local_qualifier.modality,
        pr."PRLNKID" as lesion_id,
        replace(lower(pr."PRLOC"), ' ', '_') as organ,
        case pr."PRDOSU" when 'Gy' then pr."PRDOSE" end as total_dose_gy,
        local_qualifier.fractions,
        local_qualifier.dose_per_fraction_gy,
        pr.source_file,
        pr.source_row
    from source.pr as pr
    left join local_qualifier on pr."USUBJID" = local_qualifier."USUBJID" and pr."PRSEQ" = local_qualifier."IDVARVAL"
    where pr."PRCAT" in ('SURGERY', 'RADIOTHERAPY', 'ABLATION')
),

final as (
    select * from course
    union all by name
    select * from step
    union all by name
    select * from local_treatment
)

select * from final
