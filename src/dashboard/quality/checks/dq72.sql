-- One row per overdue item of the follow-up list that no other check names: scans, visits, draws outside the protocol,
-- results, reasons and outcomes. Of a repeated item the one the list chases.
select
    follow_up.source_table as table_name,
    follow_up.source_key as row_key,
    coalesce(follow_up.window_key, follow_up.item) as column_name,
    follow_up.patient_id,
    case follow_up.item
        when 'ctdna_result' then 'ctDNA result (' || min(follow_up.label) || ')'
        when 'draw_reason' then 'Reason for the draw (' || min(follow_up.label) || ')'
        when 'start_reason' then 'Reason for the treatment (' || min(follow_up.label) || ')'
        when 'stop_reason' then 'Reason for stopping (' || min(follow_up.label) || ')'
        when 'sae_outcome' then 'Outcome of a serious event (' || min(follow_up.label) || ')'
        when 'laboratory_result' then 'Laboratory result (' || min(follow_up.label) || ')'
        else min(follow_up.label)
    end
        || ' was due by ' || cast(min(follow_up.closes_on) as varchar) || ', '
        || cast(max(follow_up.days_late) as varchar)
        || case when max(follow_up.days_late) = 1 then ' day late' else ' days late' end as value_text
from follow_up
where
    follow_up.is_owed and follow_up.state = 'OVERDUE'
    and follow_up.item not in ('vital_status', 'response')
    and not (follow_up.kind = 'ctdna' and follow_up.is_protocol)
group by
    follow_up.source_table, follow_up.source_key, follow_up.kind, follow_up.item,
    coalesce(follow_up.window_key, follow_up.item), follow_up.patient_id
