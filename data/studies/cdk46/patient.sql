-- One row per subject of DM; dates of screening and enrolment from DS, the disease from MH.
with milestone as (
    select
        "USUBJID",
        min("DSSTDTC") filter ("DSDECOD" = 'SCREENED') as screened_on,
        min("DSSTDTC") filter ("DSDECOD" = 'ENROLLED') as enrolled_on
    from source.ds
    where "DSCAT" = 'PROTOCOL MILESTONE'
    group by "USUBJID"
),

qualifier as (
    select
        "USUBJID",
        "IDVARVAL",
        max("QVAL") filter ("QNAM" = 'ICD10') as icd10,
        max("QVAL") filter ("QNAM" = 'HISTOL') as histology,
        max("QVAL") filter ("QNAM" = 'STAGE') as stage
    from source.suppmh
    group by "USUBJID", "IDVARVAL"
),

disease as (
    select mh.*, qualifier.icd10, qualifier.histology, qualifier.stage
    from source.mh as mh
    left join qualifier on mh."USUBJID" = qualifier."USUBJID" and mh."MHSEQ" = qualifier."IDVARVAL"
),

final as (
    select
        dm."USUBJID" as patient_id,
        dm."SITEID" as site_id,
        case dm."SEX" when 'F' then 'female' when 'M' then 'male' else dm."SEX" end as sex,
        dm."BRTHDTC" as born_on,
        dm."AGE" as age_years,
        milestone.screened_on,
        dm."RFICDTC" as consented_on,
        milestone.enrolled_on,
        'breast' as tumour_type,
        primary_disease."MHTERM" as diagnosis,
        primary_disease.histology,
        primary_disease.icd10,
        primary_disease.stage,
        primary_disease."MHSTDTC" as primary_diagnosed_on,
        metastasis."MHSTDTC" as metastatic_on,
        dm.source_file,
        dm.source_row
    from source.dm as dm
    left join milestone on dm."USUBJID" = milestone."USUBJID"
    left join disease as primary_disease
        on dm."USUBJID" = primary_disease."USUBJID" and primary_disease."MHCAT" = 'PRIMARY DIAGNOSIS'
    left join disease as metastasis
        on dm."USUBJID" = metastasis."USUBJID" and metastasis."MHCAT" = 'METASTATIC DISEASE'
)

select * from final
