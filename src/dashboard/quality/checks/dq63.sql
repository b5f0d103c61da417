-- One row per treated lesion no local treatment names, and per local treatment without a lesion (studies that count from
-- local treatment and name the lesions).
with treated as (
    select distinct patient_id, lesion_id
    from treatment
    where kind in ('radiotherapy', 'ablation', 'surgery') and lesion_id is not null
),

lesion_found as (
    select patient_id, lesion_id, min(row_key) as row_key, bool_or(role = 'treated') as is_treated
    from lesion
    group by patient_id, lesion_id
)

select
    'lesion' as table_name,
    found.row_key,
    'lesion_id' as column_name,
    found.patient_id,
    found.lesion_id || ', no local treatment names it' as value_text
from lesion_found as found
inner join study on study.index_origin = 'local_therapy'
left join treated on found.patient_id = treated.patient_id and found.lesion_id = treated.lesion_id
where found.is_treated and treated.lesion_id is null and exists (select 1 from treated as other)
union all
select
    'treatment', local.row_key, 'lesion_id', local.patient_id,
    coalesce(local.modality, local.kind) || ' on ' || cast(local.started_on as varchar) || ', lesion '
    || coalesce(local.lesion_id || ' never seen', 'not named')
from treatment as local
inner join study on study.index_origin = 'local_therapy'
inner join local_course as course
    on
        local.patient_id = course.patient_id and local.started_on >= course.started_on
        and local.started_on <= course.ended_on
left join lesion_found as seen on local.patient_id = seen.patient_id and local.lesion_id = seen.lesion_id
where
    local.kind in ('radiotherapy', 'ablation', 'surgery') and seen.lesion_id is null
    and exists (select 1 from treated as other)
