-- One row per patient, kind and occurrence of a dated fact that an endpoint can name (studies/milestones.py lists the kinds).
with occurrence as (
    select * from milestone_patient
    union all
    select * from milestone_treatment
    union all
    select * from milestone_response
    union all
    select * from milestone_ctdna
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(kind as varchar) as kind,
        cast(occurred_on as date) as occurred_on,
        cast(line as integer) as line,
        cast(lesion_id as varchar) as lesion_id,
        cast(detail as varchar) as detail,
        cast(free_until as date) as free_until,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from occurrence
)

select * from final
