-- One row per course on the sheets of lines, adjuvant and supportive treatment, per local treatment, per dose step.
with written as (
    select *, 'metastatic' as sheet, '1' as "线数" from source.line_1
    union all by name
    select *, 'metastatic' as sheet, '2' as "线数" from source.line_2
    union all by name
    select *, 'metastatic' as sheet from source.line_3
    union all by name
    select *, 'other' as sheet from source.adjuvant
    union all by name
    select *, 'other' as sheet from source.supportive
),

named as (
    select
        *,
        coalesce("药物名称", concat_ws('+', "CDK4/6抑制剂名称", "其他药物", "内分泌药物")) as drugs,
        nullif(nullif("结束日期", '至今'), '持续中') as last_day
    from written
),

course as (
    select
        "受试者编号" as patient_id,
        "治疗编号" as treatment_id,
        'systemic' as kind,
        "治疗目的" as intent,
        -- Shown by generic names in the order written: the list of drug names that is loaded for every study.
        array_to_string(
            list_transform(
                string_split(drugs, '+'),
                lambda one: coalesce(getvariable('drug_names')[lower(trim(one))], lower(trim(one)))
            ),
            ', '
        ) as generic,
        upper(left(generic, 1)) || substr(generic, 2) as regimen,
        drugs as agents,
        drugs as agents_as_written,
        "线数" as line,
        "开始日期" as started_on,
        last_day as ended_on,
        case when last_day is null then 'true' else 'false' end as is_ongoing,
        "起始原因" as start_reason,
        "停药原因" as stop_reason,
        source_file,
        source_row
    from named
),

local_treatment as (
    select
        "受试者编号" as patient_id,
        "治疗编号" as treatment_id,
        case "治疗类型" when '手术' then 'surgery' when '放疗' then 'radiotherapy' else "治疗类型" end as kind,
        "治疗目的" as intent,
        "治疗名称" as regimen,
        "开始日期" as started_on,
        "结束日期" as ended_on,
        "起始原因" as start_reason,
        case "技术" when 'SBRT' then 'sbrt' when '其他' then 'other' else "技术" end as modality,
        "病灶编号" as lesion_id,
        "部位" as organ,
        "总剂量(Gy)" as total_dose_gy,
        "分割次数" as fractions,
        "单次剂量(Gy)" as dose_per_fraction_gy,
        source_file,
        source_row
    from source.local
),

step as (
    select
        "受试者编号" as patient_id,
        "调整编号" as treatment_id,
        "治疗编号" as part_of,
        case "剂量调整" when '暂停' then 'dose_hold' when '减量' then 'dose_reduction' else "剂量调整" end as kind,
        "药物名称" as agents,
        "开始日期" as started_on,
        "结束日期" as ended_on,
        case "调整原因" when '不良反应' then 'toxicity_of_previous' else 'unknown' end as start_reason,
        "剂量(mg)" as dose,
        case when "剂量(mg)" is not null then 'mg' end as dose_unit,
        "剂量水平" as dose_level,
        source_file,
        source_row
    from source.dose
),

final as (
    select * exclude (generic) from course
    union all by name
    select * from local_treatment
    union all by name
    select * from step
)

select * from final
