-- One row per lesion and assessment of the reader who counts: the investigator, else the accepted independent reader.
-- A lymph node is measured by its short axis, any other lesion by its longest diameter (RECIST 1.1, 3.1).
-- from: tr, tu
-- otherwise: other_reader_or_other_measure
with finding as (
    select
        *,
        case when upper("TREVAL") = 'INVESTIGATOR' or "TREVAL" is null then 1 when "TRACPTFL" = 'Y' then 2 end as reader
    from source.tr
    where "TRTESTCD" in ('LDIAM', 'LPERP', 'DIAMETER', 'SAXIS', 'TUMSTATE') and coalesce("TRSTAT", '') <> 'NOT DONE'
),
counted as (
    select *, min(reader) over (partition by "USUBJID") as best_reader from finding
),
identified as (
    select
        *,
        case when upper("TUEVAL") = 'INVESTIGATOR' or "TUEVAL" is null then 1 when "TUACPTFL" = 'Y' then 2 end as reader
    from source.tu
),
place as (
    select
        "USUBJID" as subject,
        "TULNKID" as lesion,
        reader,
        min("TULOC") as location,
        bool_or("TULOC" ilike '%node%') as is_node
    from identified where reader is not null group by all
),
assessed as (
    select
        "USUBJID" as subject,
        "TRLNKID" as lesion,
        reader,
        "VISIT" as visit,
        "TRDTC" as assessed_on,
        max("TRGRPID") as role,
        max("TRSTRESN") filter ("TRTESTCD" = 'DIAMETER') as diameter,
        max("TRSTRESN") filter ("TRTESTCD" = 'LDIAM') as longest,
        max("TRSTRESN") filter ("TRTESTCD" in ('LPERP', 'SAXIS')) as short_axis,
        upper(max("TRSTRESC") filter ("TRTESTCD" = 'TUMSTATE')) as state,
        min(source_file) as source_file,
        min(source_row) as source_row,
        list(source_row order by source_row) as source_rows
    from counted where reader = best_reader group by all
),
measured as (
    select
        assessed.subject as patient_id,
        assessed.lesion as lesion_id,
        assessed.assessed_on,
        assessed.visit,
        case upper(assessed.role)
            when 'TARGET' then 'target' when 'NON-TARGET' then 'non_target' when 'NEW' then 'new' else assessed.role
        end as role,
        lower(place.location) as organ,
        place.location as location,
        cast(place.is_node as varchar) as is_node,
        coalesce(
            case when place.is_node then assessed.short_axis else assessed.longest end, assessed.diameter
        ) as diameter_mm,
        case
            when assessed.state in ('UNEQUIVOCAL', 'UNEQUIVOCAL INCREASE') then 'unequivocal_progression'
            when assessed.state = 'TOO SMALL TO MEASURE' then 'too_small'
            when assessed.state in ('NOT EVALUABLE', 'NOT ASSESSED', 'NE') then 'not_assessed'
            when assessed.state is not null then lower(assessed.state)
            when coalesce(assessed.longest, assessed.short_axis, assessed.diameter) is null then 'not_assessed'
            else 'measured'
        end as state,
        assessed.source_file,
        assessed.source_row,
        assessed.source_rows
    from assessed left join place
        on place.subject = assessed.subject and place.lesion = assessed.lesion and place.reader = assessed.reader
),
only_identified as (
    select
        identified."USUBJID" as patient_id,
        identified."TULNKID" as lesion_id,
        identified."TUDTC" as assessed_on,
        identified."VISIT" as visit,
        'new' as role,
        lower(identified."TULOC") as organ,
        identified."TULOC" as location,
        cast(coalesce(identified."TULOC" ilike '%node%', false) as varchar) as is_node,
        'present' as state,
        identified.source_file,
        identified.source_row
    from identified
    where upper(identified."TUSTRESC") = 'NEW' and identified.reader = 1 and identified."TUDTC" is not null
        and not exists (
            select 1 from assessed
            where assessed.subject = identified."USUBJID" and assessed.lesion = identified."TULNKID"
        )
),
final as (
    select * from measured
    union all by name
    select * from only_identified
)
select * from final
