-- One row per patient and fact of the main sheet. KRAS counts as mutated where the tissue test names a mutation.
with history as (
    select *, unnest([
        {
            'name': 'primary_site',
            'value': case "原发部位" when '直肠' then 'rectum' when '左半结肠' then 'left_colon' when '右半结肠' then 'right_colon' end
        },
        {'name': 'kras', 'value': if("KRAS" = '野生型', 'wild_type', 'mutated')},
        {'name': 'msi', 'value': case "MSI" when 'MSS' then 'mss' when 'MSI-H' then 'msi_high' end},
        {'name': 'metastatic_at_presentation', 'value': case "初诊即转移" when '是' then 'yes' when '否' then 'no' end},
        {'name': 'liver_metastasis_before', 'value': case "既往肝转移" when '是' then 'yes' when '否' then 'no' end},
        {'name': 'nodules', 'value': "病灶数"},
        {'name': 'laterality', 'value': case "侧别" when '单侧' then 'unilateral' when '双侧' then 'bilateral' end},
        {'name': 'smoking', 'value': case "吸烟史" when '从不' then 'never' when '曾经' then 'former' when '目前' then 'current' end}
    ]) as fact
    from source.main
    where "原发部位" is not null
),

final as (
    select
        "编号" as patient_id,
        fact.name as name,
        fact.value as value,
        "入组日期" as recorded_on,
        source_file,
        source_row
    from history
    where fact.value is not null
)

select * from final
