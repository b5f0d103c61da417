-- One row per sample and version of its report; the sheet repeats them for every variant.
with final as (
    select
        "样本编号" as sample_id,
        "受试者编号" as patient_id,
        "样本编号" as laboratory_id,
        max("采血时点") as draw,
        max("采血日期") as collected_on,
        max("接收日期") as received_on,
        max("报告日期") as reported_on,
        "报告版本" as report_version,
        max("检测结果") as status,
        max("不合格原因") as failure_reason,
        max("检测产品") as assay,
        max("Panel版本") as panel,
        max("检测下限(%)") as lod_ppm,
        max("定量下限(%)") as loq_ppm,
        max("cfDNA(ng/mL血浆)") as cfdna_ng_per_ml,
        max("采血原因") as reason,
        min(source_file) as source_file,
        min(source_row) as source_row,
        list(source_row order by source_row) as source_rows
    from source.ctdna
    group by "样本编号", "受试者编号", "报告版本"
)

select * from final
