-- One row per laboratory report. Result and day of the first four draws stand on the main sheet: "阳性(0.12%)".
with draw as (
    select "编号" as patient_id, unnest([
        {'n': '1', 'result': "ctDNA1结果", 'collected_on': "ctDNA1日期"},
        {'n': '2', 'result': "ctDNA2结果", 'collected_on': "ctDNA2日期"},
        {'n': '3', 'result': "ctDNA3结果", 'collected_on': "ctDNA3日期"},
        {'n': '4', 'result': "ctDNA4结果", 'collected_on': "ctDNA4日期"}
    ]) as place
    from source.main
),

final as (
    select
        sample."样本号" as sample_id,
        sample."编号" as patient_id,
        sample."检验号" as laboratory_id,
        sample."采血时点" as draw,
        if(sample."采血日期" = '见总表', draw.place.collected_on, sample."采血日期") as collected_on,
        sample."收样日期" as received_on,
        sample."报告日期" as reported_on,
        sample."报告版本" as report_version,
        if(sample."结果" = '见总表', regexp_replace(draw.place.result, ' *[(（].*$', ''), sample."结果") as status,
        sample."不合格原因" as failure_reason,
        sample."检测方法" as assay,
        sample."检测版本" as panel,
        sample."LOD(%)" as lod_ppm,
        sample."cfDNA(ng/mL)" as cfdna_ng_per_ml,
        sample."采血原因" as reason,
        sample.source_file,
        sample.source_row
    from source.sample as sample
    left join draw on sample."编号" = draw.patient_id and sample."次数" = draw.place.n
)

select * from final
