-- One row per CT: before treatment, the first four examinations of the main sheet, and those of the sheet 影像.
with examined as (
    select "编号" as patient_id, source_file, source_row, unnest([
        {'imaged_on': "影像(治疗前)日期", 'conclusion': "影像(治疗前)结论"},
        {'imaged_on': "影像1日期", 'conclusion': "影像1结论"},
        {'imaged_on': "影像2日期", 'conclusion': "影像2结论"},
        {'imaged_on': "影像3日期", 'conclusion': "影像3结论"},
        {'imaged_on': "影像4日期", 'conclusion': "影像4结论"}
    ]) as place
    from source.main
),

scan as (
    select
        patient_id,
        place.imaged_on as imaged_on,
        case
            when place.conclusion like '肺结节%' then regexp_extract(place.conclusion, '[0-9]+') || ' pulmonary nodules'
            when place.conclusion like '%未见复发' then 'no recurrence'
            when place.conclusion = '考虑炎性改变' then 'treatment change or recurrence'
            when place.conclusion like '进展%' then 'new or growing lesion'
            else place.conclusion
        end as conclusion,
        source_file,
        source_row
    from examined
    where place.imaged_on is not null
    union all
    select "编号", "检查日期", "所见", source_file, source_row
    from source.scan
    where "检查日期" is not null
),

final as (
    select *, 'ct' as modality, 'chest, abdomen, pelvis' as regions, 'false' as is_cns_imaged from scan
)

select * from final
