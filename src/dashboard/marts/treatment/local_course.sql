-- One row per patient and course of local treatment (sessions at most course_gap_days apart).
with courses as (
    select
        patient_id, course, min(started_on) as started_on, max(ended_on) as ended_on, count(*) as n_sessions,
        count(distinct lesion_id) as n_lesions, count(distinct kind) as n_kinds, min(kind) as kind,
        array_to_string(list_sort(list(distinct coalesce(modality, kind))), ' + ') as modalities,
        min(source_key) as source_key
    from local_session
    group by patient_id, course
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(course as integer) as course,
        cast(started_on as date) as started_on,
        cast(ended_on as date) as ended_on,
        cast(n_sessions as integer) as n_sessions,
        cast(n_lesions as integer) as n_lesions,
        cast(modalities as varchar) as modalities,
        cast(case when n_kinds > 1 then 'MULTIPLE' else upper(kind) end as varchar) as group_code,
        cast(case when n_kinds > 1 then 'COURSE_MULTIPLE' else 'COURSE_ONE_KIND' end as varchar) as rule,
        cast('treatment' as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from courses
)
select * from final
