-- One row per patient and organ in which disease was seen: there at the last assessment, only locally treated lesions are,
-- only lymph nodes of normal size are (under 10 mm in the short axis, RECIST 1.1), gone, or named by a progression alone.
with lesion as (
    select
        patient_id, lower(organ) as organ, role, seen_on as assessed_on, source_key as row_key, is_gone,
        is_normal_node as is_normal,
        row_number() over (
            partition by patient_id, lesion_id order by seen_on desc nulls last, source_key desc nulls last
        ) as place
    from lesion_finding
),

first_seen as (
    select
        patient_id, organ, coalesce(min(case when not is_normal then assessed_on end), min(assessed_on)) as seen_on,
        coalesce(max(case when not is_normal then assessed_on end), max(assessed_on)) as last_on,
        min(row_key) as row_key
    from lesion
    where not is_gone and role <> 'treated' and organ is not null
    group by patient_id, organ
),

assessed as (
    select patient_id, organ, max(assessed_on) as assessed_on from lesion where organ is not null group by patient_id, organ
),

of_lesions as (
    select
        first_seen.patient_id, first_seen.organ, first_seen.seen_on, first_seen.last_on, assessed.assessed_on,
        count(case when lesion.role <> 'treated' and not lesion.is_normal then 1 end) as n_lesions,
        count(case when lesion.role = 'treated' then 1 end) as n_treated, count(lesion.role) as n_left,
        coalesce(min(case when lesion.role <> 'treated' then lesion.row_key end), min(first_seen.row_key)) as row_key
    from first_seen
    inner join assessed on first_seen.patient_id = assessed.patient_id and first_seen.organ = assessed.organ
    left join lesion
        on
            first_seen.patient_id = lesion.patient_id and first_seen.organ = lesion.organ
            and lesion.place = 1 and not lesion.is_gone
    group by
        first_seen.patient_id, first_seen.organ, first_seen.seen_on, first_seen.last_on, assessed.assessed_on
),

named as (
    select
        patient_id, lower(progression_site) as organ, min(assessed_on) as seen_on, max(assessed_on) as last_on,
        min(source_key) as source_key
    from overall_response
    where names_new_site
    group by patient_id, lower(progression_site)
),

-- A progression that names an organ after its lesions had gone: it is a site again.
site as (
    select
        own.patient_id, own.organ,
        case
            when own.n_lesions > 0 then 'NOW' when named.last_on > own.assessed_on then 'NAMED'
            when own.n_treated > 0 then 'TREATED' when own.n_left > 0 then 'NORMAL' else 'GONE'
        end as state,
        own.n_lesions, own.seen_on,
        case when named.last_on > own.assessed_on then named.last_on else own.last_on end as last_on,
        'lesion' as source_table, own.row_key as source_key
    from of_lesions as own
    left join named on own.patient_id = named.patient_id and own.organ = named.organ
    union all
    select
        named.patient_id, named.organ, 'NAMED', cast(null as bigint), named.seen_on, named.last_on, 'response',
        named.source_key
    from named
    left join first_seen on named.patient_id = first_seen.patient_id and named.organ = first_seen.organ
    where first_seen.patient_id is null
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
