-- One row per patient and recorded extent of disease (visceral_disease, bone_only), beside the sites on record.
-- The study start is enrolment with the days after it in which a scan still counts as a baseline scan (A1).
with extent as (
    select
        own.patient_id, own.name, lower(own.value) as value, own.row_key,
        patient.enrolled_on + study.scan_baseline_to_day as start_until, patient.observed_until
    from usable_characteristic as own
    inner join usable_patient as patient on own.patient_id = patient.patient_id
    cross join study
    where own.name in ('visceral_disease', 'bone_only') and lower(own.value) in ('yes', 'no')
),

-- Sites of disease: lesions, and where a progression names a new one. What has gone or was treated is no site now, but was one.
seen as (
    select
        patient_id, assessed_on as seen_on, coalesce(assessed_on_precision, 'day') as precise_to,
        case when is_node then 'lymph_node' else lower(coalesce(organ, 'unknown')) end as organ,
        case
            when coalesce(state, 'measured') = 'absent' or coalesce(diameter_mm = 0, false) or role = 'treated' then 0
            else 1
        end as is_now
    from usable_lesion
    union all
    select
        patient_id, assessed_on, coalesce(assessed_on_precision, 'day'),
        lower(progression_site), 1
    from usable_response
    where
        overall = 'pd' and coalesce(progression_site, '') <> ''
        and progression_pattern in ('new_lesion', 'cns', 'extrathoracic', 'new_lung_up_to_5', 'new_lung_over_5')
),

-- A site that is not named may be any, and the brain is visceral in one trial and not in another: neither speaks against
-- a record.
site as (
    select
        *,
        case
            when organ in ('bone', 'lymph_node', 'soft_tissue', 'skin', 'breast') then 'NO'
            when organ in (
                'liver', 'lung', 'pleura', 'pericardium', 'peritoneum', 'adrenal', 'kidney', 'spleen', 'pancreas',
                'ovary', 'stomach', 'bowel'
            ) then 'YES'
            else 'PERHAPS'
        end as is_visceral,
        -- The breast is where the cancer began.
        case when organ in ('bone', 'breast', 'other', 'unknown') then 0 else 1 end as is_outside_bone
    from seen
),

-- Of a partial date the last day is stored: it lies at the start for sure by that day, perhaps by its month or year.
placed as (
    select
        extent.patient_id, extent.name, site.organ, site.seen_on, site.is_now, site.is_visceral, site.is_outside_bone,
        case when site.seen_on <= extent.start_until then 1 else 0 end as is_at_start,
        case
            when site.seen_on <= extent.start_until then 1
            when site.precise_to = 'year' and year(site.seen_on) = year(extent.start_until) then 1
            when
                site.precise_to = 'month' and year(site.seen_on) = year(extent.start_until)
                and month(site.seen_on) = month(extent.start_until) then 1
            else 0
        end as may_be_at_start
    from extent
    inner join site on extent.patient_id = site.patient_id and site.seen_on <= extent.observed_until
),

counted as (
    select
        patient_id, name,
        count(case when is_at_start = 1 then 1 end) as n_at_start,
        count(case when may_be_at_start = 1 and is_visceral <> 'NO' then 1 end) as n_perhaps_visceral,
        count(case when is_at_start = 1 and is_now = 1 and is_visceral = 'YES' then 1 end) as n_visceral,
        count(case when is_at_start = 1 and is_now = 1 and is_outside_bone = 1 then 1 end) as n_outside_bone,
        max(case when is_visceral <> 'NO' then 1 else 0 end) as is_ever_visceral,
        min(case when is_outside_bone = 1 then seen_on end) as outside_bone_on,
        array_to_string(list_sort(list(distinct case when is_at_start = 1 then organ end)), ', ') as sites
    from placed
    group by patient_id, name
),

final as (
    select
        cast(extent.patient_id as varchar) as patient_id,
        cast(extent.name as varchar) as name,
        cast(extent.value as varchar) as value,
        cast(extent.start_until as date) as start_until,
        cast(nullif(counted.sites, '') as varchar) as sites_at_start,
        cast(
            case
                when coalesce(counted.n_at_start, 0) = 0 then null
                when extent.name = 'visceral_disease' and extent.value = 'yes' then counted.n_perhaps_visceral > 0
                when extent.name = 'visceral_disease' then counted.n_visceral = 0
                when extent.value = 'yes' then counted.n_outside_bone = 0
            end as boolean
        ) as agrees,
        cast(counted.is_ever_visceral = 1 as boolean) as is_ever_visceral,
        cast(counted.outside_bone_on as date) as outside_bone_on,
        cast('characteristic' as varchar) as source_table,
        cast(extent.row_key as varchar) as source_key
    from extent
    left join counted on extent.patient_id = counted.patient_id and extent.name = counted.name
)

select * from final
