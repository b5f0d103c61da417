-- One row per enrolled patient whose HER2 or hormone receptor status is missing, equivocal or not what the study asks for
-- (clinical-decisions A30: HER2 2+ without ISH is neither).
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
    one.is_in_force and one.result_in_force in ('FAIL', 'UNKNOWN', 'NEEDS_RULING')
    and one.fact in ('her2_status', 'characteristic.hormone_receptor')
group by coalesce(one.source_table, 'patient'), coalesce(one.source_key, patient.row_key), one.criterion, one.patient_id
