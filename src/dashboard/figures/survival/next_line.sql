-- One row per patient of the cohort with progression on the line before the one asked for: what came next.
with cohort as (
    select patient_id, enrolled_on from usable_patient where enrolled_on is not null /* and cohort */
),

progressed as (
    select cohort.patient_id
    from cohort
    inner join milestone on cohort.patient_id = milestone.patient_id
    where milestone.kind in ('radiological_progression', 'clinical_progression') and milestone.line = $line - 1
    group by cohort.patient_id
),

later as (
    select
        patient_id,
        bool_or(kind = 'line_start' and line = $line) as has_started,
        bool_or(kind = 'death') as has_died
    from milestone
    group by patient_id
),

final as (
    select
        progressed.patient_id,
        coalesce(later.has_started, false) as has_started,
        coalesce(later.has_died and not later.has_started, false) as has_died_before
    from progressed
    left join later on progressed.patient_id = later.patient_id
)

select * from final order by patient_id
