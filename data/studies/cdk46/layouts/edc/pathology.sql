-- One row per receptor or marker of 病理及免疫组化: per cent and intensity out of one cell; HER2 2+ together with FISH.
with test as (
    select
        *,
        unnest([
            {'test': 'er', 'written': "ER(%)"},
            {'test': 'pr', 'written': "PR(%)"},
            {'test': 'her2', 'written': "HER2"},
            {'test': 'ki67', 'written': "Ki-67"}
        ]) as one
    from source.receptor
),

read as (
    select
        *,
        one.test as test,
        one.written as written,
        case when one.test <> 'her2' then nullif(regexp_extract(one.written, '(\d+)', 1), '') end as percent,
        case when one.test = 'her2' then regexp_extract(one.written, '^(0|1\+|2\+|3\+)', 1) end as score
    from test
    where one.written is not null
),

final as (
    select
        "受试者编号" as patient_id,
        "标本" as specimen,
        "取材日期" as taken_on,
        test,
        case
            when score = '2+' and "FISH" = '阴性' then '2+ ISH-'
            when score = '2+' and "FISH" = '阳性' then '2+ ISH+'
            when score = '2+' then '2+ ISH missing'
            when test = 'her2' then score
            when test = 'ki67' then 'reported'
            -- Positive from 1 % of the nuclei (ASCO/CAP 2020).
            when try_cast(percent as integer) >= 1 then 'positive'
            when try_cast(percent as integer) < 1 then 'negative'
        end as result,
        percent as value_percent,
        case
            when test in ('er', 'pr') and written like '%强%' then 'strong'
            when test in ('er', 'pr') and written like '%中%' then 'moderate'
        end as intensity,
        written as result_as_written,
        source_file,
        source_row
    from read
)

select * from final
