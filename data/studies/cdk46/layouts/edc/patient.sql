-- One row per subject of 人口学资料, with the disease from 乳腺癌病史.
with final as (
    select
        person."受试者编号" as patient_id,
        person."中心编号" as site_id,
        person."性别" as sex,
        person."出生日期" as born_on,
        person."年龄" as age_years,
        person."筛选日期" as screened_on,
        person."知情同意日期" as consented_on,
        person."入组日期" as enrolled_on,
        'breast' as tumour_type,
        disease."诊断" as diagnosis,
        disease."病理类型" as histology,
        disease."ICD-10" as icd10,
        disease."目前分期" as stage,
        disease."初诊日期" as primary_diagnosed_on,
        disease."转移日期" as metastatic_on,
        person.source_file,
        person.source_row
    from source.person as person
    left join source.disease as disease on person."受试者编号" = disease."受试者编号"
)

select * from final
