-- One row per patient and day of a progression at which no disease is known outside bone: recorded as bone-only at the study
-- start with nothing seen elsewhere by that day, or in bone with nothing else recorded, named or still there (A34).
with progression as (
    select
        patient_id, assessed_on, lower(progression_site) as site, source_table, source_key,
        coalesce(
            sum_tenth_mm > 0 or target not in ('CR', 'NE') or non_target not in ('CR', 'NE'), false
        ) as is_measured,
        row_number() over (
            partition by patient_id, assessed_on
            order by case when lower(progression_site) = 'bone' then 1 else 2 end nulls last, source_table nulls last,
                source_key nulls last
        ) as place
    from overall_response
    where response = 'PD'
),

-- Each lesion as last assessed by then. A lymph node of normal size is none.
lesion as (
    select
        progression.patient_id, progression.assessed_on, lower(coalesce(record.organ, 'unknown')) as organ, record.role,
        record.is_gone or record.is_normal_node as is_gone,
        row_number() over (
            partition by progression.patient_id, progression.assessed_on, record.lesion_id
            order by record.seen_on desc nulls last, record.source_key desc nulls last
        ) as lesion_place
    from progression
    inner join lesion_finding as record
        on progression.patient_id = record.patient_id and record.seen_on <= progression.assessed_on
    where progression.place = 1
),

found as (
    select
        patient_id, assessed_on, count(case when organ = 'bone' then 1 end) as n_bone,
        count(case when organ <> 'bone' then 1 end) as n_elsewhere
    from lesion
    where lesion_place = 1 and not is_gone and role <> 'treated'
    group by patient_id, assessed_on
),

-- Named by this progression or one before it; recorded of the patient, on whatever day.
named as (
    select distinct progression.patient_id, progression.assessed_on
    from progression
    inner join progression as other
        on progression.patient_id = other.patient_id and other.assessed_on <= progression.assessed_on
    where other.site not in ('bone', 'known lesions')
),

recorded as (
    select distinct patient_id
    from usable_characteristic
    where name in ('visceral_disease', 'liver_metastases') and lower(value) = 'yes'
),

final as (
    select
        cast(progression.patient_id as varchar) as patient_id,
        cast(progression.assessed_on as date) as assessed_on,
        cast(coalesce(extent.source_table, progression.source_table) as varchar) as source_table,
        cast(coalesce(extent.source_key, progression.source_key) as varchar) as source_key
    from progression
    left join recorded_extent as extent
        on
            progression.patient_id = extent.patient_id and extent.name = 'bone_only' and extent.value = 'yes'
            and (extent.outside_bone_on is null or extent.outside_bone_on > progression.assessed_on)
    left join found
        on progression.patient_id = found.patient_id and progression.assessed_on = found.assessed_on
    left join named
        on progression.patient_id = named.patient_id and progression.assessed_on = named.assessed_on
    left join recorded on progression.patient_id = recorded.patient_id
    where
        progression.place = 1
        and (
            extent.patient_id is not null
            or (
                coalesce(found.n_elsewhere, 0) = 0 and named.patient_id is null and recorded.patient_id is null
                -- Disease measured of which no lesion is on record may lie anywhere.
                and (
                    coalesce(found.n_bone, 0) > 0
                    or (coalesce(progression.site = 'bone', false) and not progression.is_measured)
                )
            )
        )
)

select * from final
