-- One row per patient and course of local treatment (sessions at most course_gap_days apart).
with sessions as (
    select
        e.patient_id, e.treatment_id, e.started_on, e.ended_on, e.kind, e.modality, e.lesion_id, e.source_key
    from treatment_episode as e
    inner join usable_patient as p on e.patient_id = p.patient_id
    where e.kind in ('radiotherapy', 'ablation', 'surgery')
        and coalesce(e.intent, 'unknown') not in ('adjuvant', 'neoadjuvant')
        -- What reached no evidence of disease came before the oligometastases and is no course of theirs. Of a date
        -- known to the month or year its first possible day counts.
        and (
            p.oligometastatic_on is null
            or e.started_on >= p.oligometastatic_on
            or p.oligometastatic_on_precision in ('month', 'year')
            and year(e.started_on) = year(p.oligometastatic_on)
            and (
                p.oligometastatic_on_precision = 'year'
                or month(e.started_on) = month(p.oligometastatic_on)
            )
        )
),
ordered as (
    select
        *, max(ended_on) over (
            partition by patient_id order by started_on nulls last, source_key nulls last
            rows between unbounded preceding and 1 preceding
        ) as previous_ended_on
    from sessions
),
numbered as (
    select
        o.*, cast(sum(case
            when o.previous_ended_on is null then 1
            when date_diff('day', o.previous_ended_on, o.started_on) > s.course_gap_days then 1
            else 0
        end) over (
            partition by o.patient_id order by o.started_on nulls last, o.source_key nulls last
            rows between unbounded preceding and current row
        ) as integer) as course
    from ordered as o
    cross join study as s
),
courses as (
    select
        patient_id, course, min(started_on) as started_on, max(ended_on) as ended_on, count(*) as n_sessions,
        count(distinct lesion_id) as n_lesions, count(distinct kind) as n_kinds, min(kind) as kind,
        array_to_string(list_sort(list(distinct coalesce(modality, kind))), ' + ') as modalities,
        min(source_key) as source_key
    from numbered
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
