-- One row per patient and organ in which disease was seen: there at the last assessment, only locally treated lesions are,
-- gone, or named by a progression alone.
with lesion as (
    select
        record.patient_id, lower(record.organ) as organ, record.role, record.assessed_on, record.row_key,
        coalesce(record.state, 'measured') = 'absent' or coalesce(record.diameter_mm = 0, false) as is_gone,
        row_number() over (
            partition by record.patient_id, record.lesion_id
            order by record.assessed_on desc nulls last, record.row_key desc nulls last
        ) as place
    from usable_lesion as record
    inner join usable_patient as patient on record.patient_id = patient.patient_id
    where record.assessed_on <= patient.observed_until
),

first_seen as (
    select
        patient_id, organ, min(assessed_on) as seen_on, max(assessed_on) as last_on, min(row_key) as row_key
    from lesion
    where not is_gone and role <> 'treated' and organ is not null
    group by patient_id, organ
),

of_lesions as (
    select
        first_seen.patient_id, first_seen.organ, first_seen.seen_on, first_seen.last_on,
        count(case when lesion.role <> 'treated' then 1 end) as n_lesions,
        count(lesion.role) as n_left,
        coalesce(min(case when lesion.role <> 'treated' then lesion.row_key end), min(first_seen.row_key)) as row_key
    from first_seen
    left join lesion
        on
            first_seen.patient_id = lesion.patient_id and first_seen.organ = lesion.organ
            and lesion.place = 1 and not lesion.is_gone
    group by first_seen.patient_id, first_seen.organ, first_seen.seen_on, first_seen.last_on
),

site as (
    select
        patient_id, organ, case when n_lesions > 0 then 'NOW' when n_left > 0 then 'TREATED' else 'GONE' end as state,
        n_lesions, seen_on, last_on, 'lesion' as source_table, row_key as source_key
    from of_lesions
    union all
    select
        response.patient_id, lower(response.progression_site), 'NAMED', cast(null as bigint), min(response.assessed_on),
        max(response.assessed_on), 'response', min(response.source_key)
    from overall_response as response
    left join first_seen
        on response.patient_id = first_seen.patient_id and lower(response.progression_site) = first_seen.organ
    where response.names_new_site and first_seen.patient_id is null
    group by response.patient_id, lower(response.progression_site)
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(organ as varchar) as organ,
        cast(state as varchar) as state,
        cast(n_lesions as bigint) as n_lesions,
        cast(seen_on as date) as seen_on,
        cast(last_on as date) as last_on,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from site
)

select * from final
