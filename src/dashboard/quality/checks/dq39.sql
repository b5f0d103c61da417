-- One row per failed sample after which no other was drawn by the last day observed; 28 days are given for the redraw.
with later_draw as (
    select
        patient_id, max(collected_on) as collected_on,
        max(case when status <> 'failed' then collected_on end) as not_failed_on
    from ctdna_level
    where status <> 'not_done'
    group by patient_id
)

select
    sample.source_table as table_name,
    sample.source_key as row_key,
    'status' as column_name,
    sample.patient_id,
    coalesce(sample.draw || ', ', '') || cast(sample.collected_on as varchar) as value_text
from ctdna_level as sample
inner join patient on sample.patient_id = patient.patient_id
inner join later_draw on sample.patient_id = later_draw.patient_id
where
    sample.status = 'failed' and later_draw.collected_on = sample.collected_on
    and coalesce(later_draw.not_failed_on < sample.collected_on, true)
    and date_diff('day', sample.collected_on, patient.observed_until) > 28
