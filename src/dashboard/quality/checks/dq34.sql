-- One row per sample received or reported before it was collected, or reported before it was received.
select
    'ctdna_sample' as table_name,
    row_key,
    'collected_on' as column_name,
    patient_id,
    'collected ' || cast(collected_on as varchar) || coalesce(', received ' || cast(received_on as varchar), '')
    || coalesce(', reported ' || cast(reported_on as varchar), '') as value_text
from ctdna_sample
where
    earliest_day(collected_on, collected_on_precision) > least(received_on, reported_on)
    or earliest_day(received_on, received_on_precision) > reported_on
