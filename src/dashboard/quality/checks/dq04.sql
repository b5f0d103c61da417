-- One row per patient whose consent is dated after the enrolment or the first blood draw; a partial consent date counts
-- with its first possible day.
with first_draw as (
    select patient_id, min(collected_on) as collected_on
    from ctdna_sample
    where status <> 'not_done'
    group by patient_id
),

final as (
    select
        'patient' as table_name,
        patient.row_key,
        'consented_on' as column_name,
        patient.patient_id,
        cast(patient.consented_on as varchar) || case
            when earliest_day(patient.consented_on, patient.consented_on_precision) > patient.enrolled_on
                then ', enrolled ' || cast(patient.enrolled_on as varchar)
            else ', first blood draw ' || cast(first_draw.collected_on as varchar)
        end as value_text
    from patient
    left join first_draw on patient.patient_id = first_draw.patient_id
    where
        earliest_day(patient.consented_on, patient.consented_on_precision)
        > least(patient.enrolled_on, first_draw.collected_on)
)

select * from final
