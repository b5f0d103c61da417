-- One row per patient and recorded extent of disease (visceral_disease, bone_only), beside the sites on record.
-- The study start is enrolment with the days after it in which a scan still counts as a baseline scan (A1).
with extent as (
    select
        own.patient_id, own.name, lower(own.value) as value, own.row_key, patient.tumour_type,
        patient.enrolled_on + study.scan_baseline_to_day as start_until, patient.observed_until
    from usable_characteristic as own
    inner join usable_patient as patient on own.patient_id = patient.patient_id
    cross join study
    where
        own.name in ('visceral_disease', 'bone_only') and lower(own.value) in ('yes', 'no')
        and (own.recorded_on is null or own.recorded_on <= patient.observed_until)
),

-- Sites of disease: lesions, and where a progression names a new one. What has gone or was treated is no site now, but was one.
seen as (
    select
        patient_id, assessed_on as seen_on, coalesce(assessed_on_precision, 'day') as precise_to,
        case when is_node then 'lymph_node' else lower(coalesce(organ, 'unknown')) end as organ,
        case
            when coalesce(state, 'measured') = 'absent' or coalesce(diameter_mm = 0, false) or role = 'treated' then 0
            else 1
        end as is_now,
        case when role = 'new' then 1 else 0 end as is_new
    from usable_lesion
    union all
    select
        response.patient_id, response.assessed_on, coalesce(response.assessed_on_precision, 'day'),
        lower(response.progression_site), 1, 1
    from usable_response as response
    inner join overall_response as overall
        on response.patient_id = overall.patient_id and response.row_key = overall.source_key
    where overall.names_new_site
),

located_type as (
    select distinct tumour_type from primary_organ
),

-- Where the cancer began, a lesion that is not new may be the primary tumour; of a type whose organ nobody knows it may
-- be so in any organ but a lymph node.
found as (
    select
        extent.patient_id, extent.name, extent.start_until, seen.organ, seen.seen_on, seen.precise_to, seen.is_now,
        case
            when seen.is_new = 1 or seen.organ = 'lymph_node' then 0
            when located_type.tumour_type is null or primary_organ.organ is not null then 1
            else 0
        end as may_be_primary
    from extent
    inner join seen on extent.patient_id = seen.patient_id and seen.seen_on <= extent.observed_until
    left join located_type on extent.tumour_type = located_type.tumour_type
    left join primary_organ on extent.tumour_type = primary_organ.tumour_type and seen.organ = primary_organ.organ
),

-- A site that is not named may be any, and the brain is visceral in one trial and not in another: neither speaks against
-- a record, nor does what may be the primary tumour.
site as (
    select
        *,
        case
            when organ in ('bone', 'lymph_node', 'soft_tissue', 'skin', 'breast') then 'NO'
            when
                may_be_primary = 0 and organ in (
                    'liver', 'lung', 'pleura', 'pericardium', 'peritoneum', 'adrenal', 'kidney', 'spleen', 'pancreas',
                    'ovary', 'stomach', 'bowel'
                ) then 'YES'
            else 'PERHAPS'
        end as visceral,
        case when organ in ('bone', 'other', 'unknown') or may_be_primary = 1 then 0 else 1 end as is_outside_bone
    from found
),

-- Of a partial date the last day is stored: it lies at the start for sure by that day, perhaps by its month or year.
placed as (
    select
        patient_id, name, organ, seen_on, is_now, visceral, is_outside_bone,
        case when seen_on <= start_until then 1 else 0 end as is_at_start,
        case
            when seen_on <= start_until then 1
            when precise_to = 'year' and year(seen_on) = year(start_until) then 1
            when precise_to = 'month' and year(seen_on) = year(start_until) and month(seen_on) = month(start_until)
                then 1
            else 0
        end as may_be_at_start
    from site
),

counted as (
    select
        patient_id, name,
        count(case when is_at_start = 1 then 1 end) as n_at_start,
        count(case when may_be_at_start = 1 and visceral <> 'NO' then 1 end) as n_perhaps_visceral,
        count(case when is_at_start = 1 and is_now = 1 and visceral = 'YES' then 1 end) as n_visceral,
        count(case when is_at_start = 1 and is_now = 1 and is_outside_bone = 1 then 1 end) as n_outside_bone,
        max(case when visceral <> 'NO' then 1 else 0 end) as is_ever_visceral,
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
