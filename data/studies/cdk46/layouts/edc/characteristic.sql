-- One row per subject and characteristic of four sheets, recorded at enrolment; the kind of second line when it began.
with named as (
    select
        "受试者编号",
        unnest([{'name': 'menopausal_status', 'value': "绝经状态"}]) as one,
        cast(null as varchar) as recorded_on,
        source_file,
        source_row
    from source.person
    union all
    select
        "受试者编号",
        unnest([{'name': 'hbv_status', 'value': "乙肝表面抗原"}]),
        null,
        source_file,
        source_row
    from source.past
    union all
    select
        "受试者编号",
        unnest([
            {'name': 'endocrine_sensitivity', 'value': "内分泌敏感性"},
            {'name': 'visceral_disease', 'value': "内脏转移"},
            {'name': 'bone_only', 'value': "仅骨转移"},
            {'name': 'liver_metastases', 'value': "肝转移"},
            {'name': 'de_novo', 'value': "初诊IV期"},
            {'name': 'measurable_disease', 'value': "可测量病灶"},
            {'name': 'metastatic_sites', 'value': "转移部位数"},
            -- Brand and generic names mixed: the list of drug names that is loaded for every study.
            {
                'name': 'cdk46_inhibitor',
                'value': coalesce(getvariable('drug_names')[lower("CDK4/6抑制剂")], lower("CDK4/6抑制剂"))
            },
            {'name': 'endocrine_partner', 'value': "内分泌联合"}
        ]),
        null,
        source_file,
        source_row
    from source.disease
    union all
    select
        "受试者编号",
        unnest([{'name': 'line2_regimen', 'value': "二线治疗类别"}]),
        "二线登记日期",
        source_file,
        source_row
    from source.disease
    union all
    select
        "受试者编号",
        unnest([{'name': 'hormone_receptor', 'value': "HR状态"}]),
        null,
        source_file,
        source_row
    from source.receptor
),

final as (
    select
        named."受试者编号" as patient_id,
        named.one.name as name,
        named.one.value as value,
        coalesce(named.recorded_on, person."入组日期") as recorded_on,
        named.source_file,
        named.source_row
    from named
    left join source.person as person on named."受试者编号" = person."受试者编号"
    where named.one.value is not null
)

select * from final
