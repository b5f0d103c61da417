-- One row per systemic treatment that ended without a reason, where the extract records reasons.
select
    'treatment' as table_name,
    row_key,
    'stop_reason' as column_name,
    patient_id,
    coalesce(regimen, agents, treatment_id) || ', ended ' || cast(ended_on as varchar) as value_text
from treatment
where
    kind = 'systemic' and part_of is null and coalesce(intent, 'unknown') <> 'supportive'
    and ended_on is not null and not coalesce(is_ongoing, false) and stop_reason is null
    and exists (select 1 from treatment as other where other.stop_reason is not null)
