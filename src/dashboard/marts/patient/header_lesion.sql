-- One row per local treatment of a lesion, with where the lesion lay and how large it was before.
with treated as (
    select episode.*
    from treatment_episode as episode
    where episode.kind in ('radiotherapy', 'ablation', 'surgery') and episode.lesion_id is not null
),
-- The last diameter before the treatment, else the first record after it.
seen as (
    select
        treated.patient_id, treated.treatment_id, record.organ, record.location, record.diameter_mm,
        record.assessed_on,
        row_number() over (
            partition by treated.patient_id, treated.treatment_id
            order by
                case when record.assessed_on <= treated.started_on and record.diameter_mm is not null then 0 else 1 end
                nulls last,
                abs(date_diff('day', treated.started_on, record.assessed_on)) nulls last, record.row_key nulls last
        ) as place
    from treated
    inner join usable_lesion as record
        on treated.patient_id = record.patient_id and treated.lesion_id = record.lesion_id
    inner join usable_patient as patient on record.patient_id = patient.patient_id
    where record.assessed_on <= patient.observed_until
),
final as (
    select
        cast(treated.patient_id as varchar) as patient_id,
        cast(treated.treatment_id as varchar) as treatment_id,
        cast(treated.lesion_id as varchar) as lesion_id,
        cast(coalesce(seen.organ, treated.organ) as varchar) as organ,
        cast(seen.location as varchar) as location,
        cast(case when seen.assessed_on <= treated.started_on then seen.diameter_mm * 10 end as integer)
            as diameter_tenth_mm,
        cast(treated.kind as varchar) as kind,
        cast(treated.modality as varchar) as modality,
        cast(treated.started_on as date) as started_on,
        cast(treated.ended_on as date) as ended_on,
        cast(treated.total_dose_gy as decimal(7, 2)) as total_dose_gy,
        cast(treated.fractions as integer) as fractions,
        cast(treated.bed10_centigray as integer) as bed10_centigray,
        cast(row_number() over (
            partition by treated.patient_id order by treated.started_on nulls last, treated.treatment_id nulls last
        ) as bigint) as treatment_no,
        cast(treated.source_table as varchar) as source_table,
        cast(treated.source_key as varchar) as source_key
    from treated
    left join seen
        on treated.patient_id = seen.patient_id and treated.treatment_id = seen.treatment_id and seen.place = 1
)
select * from final
