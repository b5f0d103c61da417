-- One row per enrolled patient and age criterion of the study that is not met.
select
    coalesce(one.source_table, 'patient') as table_name,
    coalesce(one.source_key, patient.row_key) as row_key,
    one.criterion as column_name,
    one.patient_id,
    one.criterion || ' ' || min(one.label) || case
        when max(one.found) is null then '' else ' (found: ' || max(one.found) || ')'
    end as value_text
from eligibility_criterion as one
inner join patient on one.patient_id = patient.patient_id and patient.enrolled_on is not null
where
    one.is_in_force and one.result_in_force = 'FAIL' and one.fact = 'age_years'
group by coalesce(one.source_table, 'patient'), coalesce(one.source_key, patient.row_key), one.criterion, one.patient_id
