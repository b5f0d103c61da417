-- One row per sample whose laboratory identifier another sample has too (clinical-decisions A22).
with twice as (
    select laboratory_id, count(distinct sample_id) as n_samples
    from ctdna_sample
    where laboratory_id is not null
    group by laboratory_id
    having count(distinct sample_id) > 1
)

select
    'ctdna_sample' as table_name,
    sample.row_key,
    'laboratory_id' as column_name,
    sample.patient_id,
    sample.laboratory_id as value_text
from ctdna_sample as sample
inner join twice on sample.laboratory_id = twice.laboratory_id
