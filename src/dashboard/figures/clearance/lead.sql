-- One row per enrolled patient of the cohort: which of ctDNA and imaging showed progression first (clinical-decisions A6).
with cohort as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),

baseline as (
    select patient_id, status from ctdna_level where baseline_rule = 'BASELINE_PRE_TREATMENT'
),

final as (
    select
        cohort.patient_id, coalesce(lead_time.category, 'NOT_INFORMATIVE') as category,
        coalesce(lead_time.rule, 'LEAD_NO_ORIGIN') as rule, coalesce(lead_time.is_informative, false) as is_informative,
        baseline.status as pre_treatment_status, lead_time.lead_days, lead_time.lower_days, lead_time.upper_days, lead_time.is_certain,
        basis.patient_id is not null as has_molecular_progression,
        coalesce(basis.rests_on_other_origin, false) as rests_on_other_origin,
        coalesce(basis.rests_on_one_value_below_loq, false) as rests_on_one_value_below_loq,
        coalesce(basis.rests_on_one_value_below_loq and basis.changed_on is not null, false) as is_after_change
    from cohort
    left join lead_time on cohort.patient_id = lead_time.patient_id
    left join baseline on cohort.patient_id = baseline.patient_id
    left join ctdna_basis as basis
        on
            cohort.patient_id = basis.patient_id and basis.is_molecular_progression
            and lead_time.molecular_on = basis.collected_on
)

select * from final order by patient_id
