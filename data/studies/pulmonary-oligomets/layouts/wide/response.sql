-- One row per verdict of the investigator: the first four on the main sheet, in the words of the conclusion.
with examined as (
    select "编号" as patient_id, source_file, source_row, unnest([
        {'visit': 'scan 1', 'assessed_on': "影像1日期", 'conclusion': "影像1结论"},
        {'visit': 'scan 2', 'assessed_on': "影像2日期", 'conclusion': "影像2结论"},
        {'visit': 'scan 3', 'assessed_on': "影像3日期", 'conclusion': "影像3结论"},
        {'visit': 'scan 4', 'assessed_on': "影像4日期", 'conclusion': "影像4结论"}
    ]) as place
    from source.main
),

verdict as (
    select
        patient_id,
        place.assessed_on as assessed_on,
        place.visit as visit,
        case
            when place.conclusion like '%未见复发' then 'ned'
            when place.conclusion = '考虑炎性改变' then 'equivocal'
            when place.conclusion like '进展%' then 'pd'
            else place.conclusion
        end as overall,
        if(place.conclusion like '%新发病灶', 'yes', 'no') as new_lesion,
        case
            when place.conclusion like '进展：局部复发%' then 'in_field'
            when place.conclusion like '进展：肺内新发≤5个%' then 'new_lung_up_to_5'
            when place.conclusion like '进展：肺内新发>5个%' then 'new_lung_over_5'
            when place.conclusion like '进展：胸外转移%' then 'extrathoracic'
        end as progression_pattern,
        case regexp_extract(place.conclusion, '^进展：[^，]+，([^，]+)', 1)
            when '肺' then 'lung' when '肝' then 'liver' when '腹膜后淋巴结' then 'retroperitoneal nodes'
        end as progression_site,
        source_file,
        source_row
    from examined
    where place.assessed_on is not null
    union all
    select "编号", "评价日期", "访视", "总体评价", "新病灶", "进展类型", "进展部位", source_file, source_row
    from source.scan
    where "评价日期" is not null
),

final as (
    select *, 'investigator' as assessor, 'imaging' as basis from verdict
)

select * from final
