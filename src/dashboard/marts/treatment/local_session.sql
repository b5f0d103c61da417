-- One row per session of local treatment with its course (sessions at most course_gap_days apart) and whether it treated
-- metastatic disease. Of a date known to the month or year its first possible day counts.
with sessions as (
    select
        e.patient_id, e.started_on, e.ended_on, e.kind, e.modality, e.lesion_id, e.organ, e.total_dose_gy, e.fractions,
        e.dose_per_fraction_gy, e.bed10_centigray, e.source_key,
        -- Where oligometastases are what is studied, courses begin with them; elsewhere the primary tumour is left out.
        coalesce(
            p.oligometastatic_on is not null
            or e.started_on >= p.metastatic_on
            or p.metastatic_on_precision in ('month', 'year')
            and year(e.started_on) = year(p.metastatic_on)
            and (
                p.metastatic_on_precision = 'year'
                or month(e.started_on) = month(p.metastatic_on)
            ),
            true
        ) as is_metastatic
    from treatment_episode as e
    inner join usable_patient as p on e.patient_id = p.patient_id
    where e.kind in ('radiotherapy', 'ablation', 'surgery')
        and coalesce(e.intent, 'unknown') not in ('adjuvant', 'neoadjuvant')
        -- What reached no evidence of disease came before the oligometastases and is no course of theirs.
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
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(course as integer) as course,
        cast(kind as varchar) as kind,
        cast(modality as varchar) as modality,
        cast(lesion_id as varchar) as lesion_id,
        cast(organ as varchar) as organ,
        cast(started_on as date) as started_on,
        cast(ended_on as date) as ended_on,
        cast(total_dose_gy as decimal(7, 2)) as total_dose_gy,
        cast(fractions as integer) as fractions,
        cast(dose_per_fraction_gy as decimal(7, 3)) as dose_per_fraction_gy,
        cast(bed10_centigray as integer) as bed10_centigray,
        cast(is_metastatic as boolean) as is_metastatic,
        cast('treatment' as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from numbered
)
select * from final
