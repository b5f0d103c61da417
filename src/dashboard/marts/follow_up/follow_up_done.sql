-- One row per blood draw and per patient and day of a scan: what can fulfil a planned item.
with patient as (
    select patient_id, observed_until from usable_patient
),

scan_source as (
    select
        imaging.patient_id, imaging.imaged_on as done_on, 'imaging' as source_table, imaging.row_key as source_key
    from usable_imaging as imaging
    inner join patient on imaging.patient_id = patient.patient_id
    where imaging.imaged_on <= patient.observed_until
    union all
    select patient_id, assessed_on, source_table, source_key
    from overall_response where coalesce(basis, 'imaging') = 'imaging'
),

scan_place as (
    select
        scan_source.*,
        row_number() over (
            partition by patient_id, done_on order by source_table nulls last, source_key nulls last
        ) as place
    from scan_source
    where done_on is not null
),

done as (
    select patient_id, 'ctdna' as kind, collected_on as done_on, source_table, source_key
    from ctdna_level where draw_no is not null
    union all
    select patient_id, 'imaging', done_on, source_table, source_key from scan_place where place = 1
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(kind as varchar) as kind,
        cast(done_on as date) as done_on,
        cast(
            row_number() over (
                partition by patient_id, kind
                order by done_on nulls last, source_table nulls last, source_key nulls last
            ) as integer
        ) as done_no,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from done
)

select * from final
