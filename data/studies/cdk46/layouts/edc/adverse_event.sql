-- One row per adverse event; some rows of the sheet hold all events of a subject, each cell separated by "；".
with part as (
    select
        "受试者编号" as patient_id,
        unnest(string_split("不良事件编号", '；')) as event_id,
        unnest(string_split("AE名称", '；')) as term,
        unnest(string_split("系统器官分类", '；')) as organ_class,
        unnest(string_split("CTCAE分级", '；')) as grade,
        unnest(string_split("开始日期", '；')) as started_on,
        unnest(string_split("结束日期", '；')) as ended_on,
        unnest(string_split("是否SAE", '；')) as is_serious,
        unnest(string_split("SAE标准", '；')) as serious_criterion,
        unnest(string_split("与研究药物关系", '；')) as relatedness,
        unnest(string_split("相关药物", '；')) as drug,
        unnest(string_split("采取措施", '；')) as action_taken,
        unnest(string_split("转归", '；')) as outcome,
        source_file,
        source_row
    from source.event
),

final as (
    select
        patient_id,
        event_id,
        term,
        term as term_as_written,
        organ_class,
        nullif(grade, '') as grade,
        started_on,
        nullif(ended_on, '') as ended_on,
        is_serious,
        nullif(serious_criterion, '') as serious_criterion,
        nullif(relatedness, '') as relatedness,
        -- Brand and generic names mixed: the list of drug names that is loaded for every study.
        coalesce(getvariable('drug_names')[lower(drug)], nullif(lower(drug), '')) as related_to,
        nullif(relatedness, '') as relatedness_as_written,
        action_taken,
        outcome,
        source_file,
        source_row
    from part
)

select * from final
