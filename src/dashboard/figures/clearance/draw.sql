-- One row per ctDNA draw after the baseline of the cohort's patients: when, whether it has a result, its change by one
-- scheme, and whether it was drawn near progression or for suspicion of it (clinical-decisions A11).
with cohort as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),

final as (
    select
        change.patient_id, change.draw_no, change.collected_on, change.category, change.is_second_draw,
        change.rule <> 'RESPONSE_NO_RESULT' as is_valid, change.rule = 'RESPONSE_NO_RATIO' as is_without_ratio,
        level.is_near_progression or coalesce(level.reason, '') in ('suspected_progression', 'at_progression')
            as is_suspicion
    from molecular_response as change
    inner join cohort on change.patient_id = cohort.patient_id
    inner join ctdna_level as level on change.sample_id = level.sample_id
    where change.scheme = $scheme
)

select * from final order by patient_id, draw_no
