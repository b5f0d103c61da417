-- One row per subject of DM.
-- from: dm
-- otherwise: not_a_subject
with milestone as (
    select
        "USUBJID",
        min("DSSTDTC") filter (upper("DSDECOD") = 'RANDOMIZED') as randomised_on,
        min("DSSTDTC") filter (upper("DSDECOD") in ('ENROLLED', 'ENROLLED IN STUDY')) as enrolled_on,
        min("DSSTDTC") filter (upper("DSDECOD") = 'INFORMED CONSENT OBTAINED') as consented_on
    from source.ds group by "USUBJID"
),
disease as (
    select
        "USUBJID",
        min(coalesce("MHDECOD", "MHTERM")) as diagnosis,
        min("MHSTDTC") as diagnosed_on
    from source.mh where upper("MHCAT") = 'PRIMARY DIAGNOSIS' group by "USUBJID"
),
final as (
    select
        dm."USUBJID" as patient_id,
        dm."SITEID" as site_id,
        case upper(dm."SEX") when 'F' then 'female' when 'M' then 'male' when 'U' then 'unknown' else dm."SEX" end as sex,
        dm."BRTHDTC" as born_on,
        case when upper(coalesce(dm."AGEU", 'YEARS')) = 'YEARS' then dm."AGE" end as age_years,
        coalesce(dm."RFICDTC", milestone.consented_on) as consented_on,
        case
            when upper(coalesce(dm."ARMCD", '')) not in ('SCRNFAIL', 'NOTASSGN')
                then coalesce(milestone.enrolled_on, milestone.randomised_on, dm."RFSTDTC")
        end as enrolled_on,
        milestone.randomised_on as randomised_on,
        disease.diagnosis as diagnosis,
        disease.diagnosed_on as primary_diagnosed_on,
        dm.source_file,
        dm.source_row
    from source.dm as dm
    left join milestone using ("USUBJID")
    left join disease using ("USUBJID")
)
select * from final
