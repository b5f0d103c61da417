-- One row per nodule at screening from the main sheet, and one per row of the sheet 病灶.
-- "右上1.2cm，左下0.8×0.7cm": several nodules in one cell are numbered as they stand there; the longest diameter counts.
with place as (
    select "编号" as patient_id, "病灶测量日期" as assessed_on, source_file, source_row, unnest([
        {'n': 1, 'place': "病灶1位置", 'size': "病灶1大小(cm)"},
        {'n': 2, 'place': "病灶2位置", 'size': "病灶2大小(cm)"},
        {'n': 3, 'place': "病灶3位置", 'size': "病灶3大小(cm)"},
        {'n': 4, 'place': "病灶4位置", 'size': "病灶4大小(cm)"},
        {'n': 5, 'place': "病灶5位置", 'size': "病灶5大小(cm)"}
    ]) as cell
    from source.main
),

part as (
    select
        *,
        unnest(string_split_regex(cell.size, '[，、；;]')) as text,
        generate_subscripts(string_split_regex(cell.size, '[，、；;]'), 1) - 1 as further
    from place
    where cell.size is not null
),

nodule as (
    select
        patient_id,
        'L' || (cell.n + further) as lesion_id,
        assessed_on,
        'screening' as visit,
        'treated' as role,
        'lung' as organ,
        coalesce(cell.place, regexp_extract(text, '^([^0-9.]+)', 1)) as location,
        '否' as is_node,
        cast(try_cast(regexp_extract(text, '([0-9]+([.][0-9]+)?)', 1) as decimal(6, 2)) * 10 as varchar) as diameter_mm,
        'measured' as state,
        source_file,
        source_row
    from part
),

final as (
    select
        "编号" as patient_id,
        "病灶号" as lesion_id,
        "测量日期" as assessed_on,
        "访视" as visit,
        "性质" as role,
        "器官" as organ,
        "位置" as location,
        "是否淋巴结" as is_node,
        "直径(mm)" as diameter_mm,
        "状态" as state,
        "依据" as basis,
        source_file,
        source_row
    from source.measured_lesion
    union all by name
    select * from nodule
)

select * from final
