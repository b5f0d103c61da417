-- One row per enrolled patient of the cohort: whether any ctDNA result is on record.
with cohort as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),

final as (
    select cohort.patient_id, count(case when level.is_valid then 1 end) > 0 as has_result
    from cohort
    left join ctdna_level as level on cohort.patient_id = level.patient_id
    group by cohort.patient_id
)

select * from final order by patient_id
