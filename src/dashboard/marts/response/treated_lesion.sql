-- One row per patient and lesion treated locally, with the first day that says so: a local treatment of it begins, or a
-- record calls it treated or controlled (clinical-decisions A5).
with said as (
    select patient_id, lesion_id, seen_on as treated_on, source_table, source_key
    from lesion_finding
    where role = 'treated' or state = 'controlled'
    union all
    select patient_id, lesion_id, started_on, source_table, source_key
    from treatment_episode
    where kind in ('radiotherapy', 'ablation', 'surgery') and lesion_id is not null
),
ranked as (
    select
        *,
        row_number() over (
            partition by patient_id, lesion_id
            order by treated_on nulls last, source_table desc nulls last, source_key nulls last
        ) as place
    from said
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(lesion_id as varchar) as lesion_id,
        cast(treated_on as date) as treated_on,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from ranked
    where place = 1
)
select * from final
