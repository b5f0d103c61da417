-- One row per laboratory report: the draws beside each other become rows; draw and reason come with the link.
with draw as (
    select
        source_file, source_row, "Giới" as sex, "Năm sinh" as birth_year,
        unnest([
            {
                'laboratory_id': "Lần 1 Mã LAB", 'collected_on': "Lần 1 Ngày thu mẫu",
                'received_on': "Lần 1 Ngày nhận mẫu", 'reported_on': "Lần 1 Ngày trả KQ",
                'report_version': "Lần 1 Phiên bản", 'cfdna': "Lần 1 cfDNA (ng/mL)",
                'status': "Lần 1 Kết luận", 'failure_reason': "Lần 1 Lý do không đạt"
            },
            {
                'laboratory_id': "Lần 2 Mã LAB", 'collected_on': "Lần 2 Ngày thu mẫu",
                'received_on': "Lần 2 Ngày nhận mẫu", 'reported_on': "Lần 2 Ngày trả KQ",
                'report_version': "Lần 2 Phiên bản", 'cfdna': "Lần 2 cfDNA (ng/mL)",
                'status': "Lần 2 Kết luận", 'failure_reason': "Lần 2 Lý do không đạt"
            },
            {
                'laboratory_id': "Lần 3 Mã LAB", 'collected_on': "Lần 3 Ngày thu mẫu",
                'received_on': "Lần 3 Ngày nhận mẫu", 'reported_on': "Lần 3 Ngày trả KQ",
                'report_version': "Lần 3 Phiên bản", 'cfdna': "Lần 3 cfDNA (ng/mL)",
                'status': "Lần 3 Kết luận", 'failure_reason': "Lần 3 Lý do không đạt"
            }
        ]) as report
    from source.batch
),

report as (
    select
        report.laboratory_id as laboratory_id,
        report.report_version as report_version,
        source_file,
        min(sex) as sex,
        min(birth_year) as birth_year,
        min(report.collected_on) as collected_on,
        min(report.received_on) as received_on,
        min(report.reported_on) as reported_on,
        min(report.cfdna) as cfdna_ng_per_ml,
        min(report.status) as status,
        min(report.failure_reason) as failure_reason,
        min(source_row) as source_row,
        list(source_row order by source_row) as source_rows
    from draw
    where report.laboratory_id is not null
    group by report.laboratory_id, report.report_version, source_file
),

final as (
    select
        report.laboratory_id as sample_id,
        report.*,
        'draw ' || link.lan_lay_mau as draw,
        link.ly_do_lay_mau as reason
    from report
    left join source.link as link on report.laboratory_id = link.ma_lab
)

select * from final
