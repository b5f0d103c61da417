-- One row per patient and tissue test of the primary tumour.
with tested as (
    select *, unnest([
        {'test': 'kras', 'result': "KRAS"},
        {'test': 'nras', 'result': "NRAS"},
        {'test': 'braf', 'result': "BRAF"},
        {'test': 'msi', 'result': "MSI"}
    ]) as answer
    from source.main
),

final as (
    select
        "编号" as patient_id,
        'primary' as specimen,
        "基因检测取材日期" as taken_on,
        answer.test as test,
        case answer.result when '野生型' then 'wild type' when 'MSS' then 'mss' when 'MSI-H' then 'msi_high' else answer.result end as result,
        source_file,
        source_row
    from tested
    where answer.result is not null
)

select * from final
