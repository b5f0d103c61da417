-- One row per CEA value of the main sheet ("3.2ng/ml", "<0.5", ">1000"), and one per row of the sheet 化验.
with taken as (
    select "编号" as patient_id, source_file, source_row, unnest([
        {'visit': 'screening', 'value': "CEA(治疗前)", 'measured_on': "CEA(治疗前)日期"},
        {'visit': 'follow-up 1', 'value': "CEA1", 'measured_on': "CEA1日期"},
        {'visit': 'follow-up 2', 'value': "CEA2", 'measured_on': "CEA2日期"},
        {'visit': 'follow-up 3', 'value': "CEA3", 'measured_on': "CEA3日期"},
        {'visit': 'follow-up 4', 'value': "CEA4", 'measured_on': "CEA4日期"}
    ]) as place
    from source.main
),

final as (
    select
        patient_id,
        'cea' as name,
        place.measured_on as measured_on,
        place.visit as visit,
        regexp_replace(place.value, ' *ng/m[lL]$', '') as value,
        'ng/mL' as unit,
        cast(null as varchar) as lower_normal,
        '5.0' as upper_normal,
        place.value as value_as_written,
        source_file,
        source_row
    from taken
    where place.value is not null
    union all
    select "编号", "项目", "日期", "访视", "结果", "单位", "下限", "上限", "结果", source_file, source_row
    from source.test
)

select * from final
