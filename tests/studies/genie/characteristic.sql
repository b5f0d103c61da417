-- One row per patient and fact of the first index cancer; a second index cancer is set aside.
with cancer as (
    select *, row_number() over (partition by "record_id" order by cast("ca_seq" as integer)) as number
    from source.diagnosis
),
fact as (
    select "record_id", number, 'stage' as name, "stage_dx" as value, source_file, source_row from cancer
    union all
    select "record_id", number, 'histology', "ca_hist_adeno_squamous", source_file, source_row from cancer
    union all
    select "record_id", number, 'smoking', "ca_lung_cigarette", source_file, source_row from cancer
),
final as (
    select
        "record_id" as patient_id,
        name,
        value,
        case when number > 1 then 'second_index_cancer' end as set_aside,
        source_file,
        source_row
    from fact where value is not null or number > 1
)
select * from final
