-- One row per local treatment of a numbered lesion on the main sheet, and one per row of the sheet 治疗.
-- "50Gy/5F", "48Gy/4次" and "60/8" are total dose and number of fractions.
with lesion as (
    select "编号" as patient_id, source_file, source_row, unnest([
        {'n': 1, 'technique': "病灶1治疗方式", 'dose': "病灶1剂量/分割", 'started_on': "病灶1开始日期", 'ended_on': "病灶1结束日期"},
        {'n': 2, 'technique': "病灶2治疗方式", 'dose': "病灶2剂量/分割", 'started_on': "病灶2开始日期", 'ended_on': "病灶2结束日期"},
        {'n': 3, 'technique': "病灶3治疗方式", 'dose': "病灶3剂量/分割", 'started_on': "病灶3开始日期", 'ended_on': "病灶3结束日期"},
        {'n': 4, 'technique': "病灶4治疗方式", 'dose': "病灶4剂量/分割", 'started_on': "病灶4开始日期", 'ended_on': "病灶4结束日期"},
        {'n': 5, 'technique': "病灶5治疗方式", 'dose': "病灶5剂量/分割", 'started_on': "病灶5开始日期", 'ended_on': "病灶5结束日期"}
    ]) as place
    from source.main
),

read as (
    select
        *,
        case place.technique
            when 'SBRT' then 'sbrt' when '常规放疗' then 'conventional' when 'RFA' then 'rfa'
            when '楔形切除' then 'wedge' when '肺段切除' then 'segmentectomy' else place.technique
        end as modality,
        try_cast(regexp_extract(place.dose, '^([0-9.]+)', 1) as decimal(7, 2)) as total_dose_gy,
        try_cast(regexp_extract(place.dose, '/([0-9]+)', 1) as integer) as fractions
    from lesion
    where place.technique is not null
),

local_treatment as (
    select
        patient_id,
        'LT' || place.n as treatment_id,
        case
            when modality in ('sbrt', 'conventional') then 'radiotherapy'
            when modality = 'rfa' then 'ablation'
            when modality in ('wedge', 'segmentectomy') then 'surgery'
        end as kind,
        'curative' as intent,
        case modality
            when 'sbrt' then 'SBRT ' when 'conventional' then 'Radiotherapy ' when 'rfa' then 'Radiofrequency ablation'
            when 'wedge' then 'Wedge resection' when 'segmentectomy' then 'Segmentectomy'
        end
        || coalesce(rtrim(rtrim(cast(total_dose_gy as varchar), '0'), '.') || ' Gy in ' || fractions, '') as regimen,
        place.started_on as started_on,
        place.ended_on as ended_on,
        'planned' as start_reason,
        modality,
        'L' || place.n as lesion_id,
        'lung' as organ,
        cast(total_dose_gy as varchar) as total_dose_gy,
        cast(fractions as varchar) as fractions,
        cast(cast(total_dose_gy / fractions as decimal(7, 3)) as varchar) as dose_per_fraction_gy,
        source_file,
        source_row
    from read
),

other_treatment as (
    select
        therapy."编号" as patient_id,
        therapy."疗程号" as treatment_id,
        therapy."类型" as kind,
        therapy."目的" as intent,
        if(therapy."方案" = '见总表', main."方案", therapy."方案") as regimen,
        therapy."药物" as agents,
        therapy."药物原文" as agents_as_written,
        therapy."线数" as line,
        if(therapy."开始日期" = '见总表', main."开始全身治疗日期", therapy."开始日期") as started_on,
        therapy."结束日期" as ended_on,
        therapy."是否在用" as is_ongoing,
        if(therapy."开始原因" = '见总表', main."原因", therapy."开始原因") as start_reason,
        therapy."停止原因" as stop_reason,
        therapy."技术" as modality,
        therapy."病灶" as lesion_id,
        therapy."部位" as organ,
        therapy."总剂量(Gy)" as total_dose_gy,
        therapy."次数" as fractions,
        therapy."单次剂量(Gy)" as dose_per_fraction_gy,
        therapy.source_file,
        therapy.source_row
    from source.therapy as therapy
    left join source.main as main on therapy."编号" = main."编号"
),

final as (
    select * from other_treatment
    union all by name
    select * from local_treatment
)

select * from final
