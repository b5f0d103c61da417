-- One row per complete or partial response dated before the patient's first treatment of any kind; stable disease, a
-- progression or no evidence of disease may well come before it.
with first_treatment as (
    select patient_id, min(earliest_day(started_on, started_on_precision)) as started_on
    from treatment
    where kind in ('systemic', 'radiotherapy', 'ablation', 'surgery')
    group by patient_id
)

select
    'response' as table_name,
    response.row_key,
    'assessed_on' as column_name,
    response.patient_id,
    upper(response.overall) || ' on ' || cast(response.assessed_on as varchar) || ', first treatment '
    || cast(first_treatment.started_on as varchar) as value_text
from response
inner join first_treatment on response.patient_id = first_treatment.patient_id
where response.overall in ('cr', 'pr') and response.assessed_on < first_treatment.started_on
