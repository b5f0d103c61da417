-- One row per patient; age and sex from the file with outcomes, where the patient is in it.
with final as (
    select
        best."PATIENT_ID" as patient_id,
        '01' as site_id,
        clinical.sex as sex,
        cast(cast(floor(cast(clinical.age as double)) as integer) as varchar) as age_years,
        '0' as enrolled_on,
        left(best."COHORT", 1) as tumour_type,
        substr(best."COHORT", 4) as diagnosis,
        best.source_file,
        best.source_row
    from source.best as best
    left join source.clinical as clinical on best."PATIENT_ID" = clinical.id
)
select * from final
