-- One row per site, item and state: how many items and patients. Of a repeated item every window that was done or lost
-- counts, and the one where the patient stands now.
select
    follow_up.site_id,
    follow_up.item,
    case when follow_up.kind = 'record' and follow_up.item <> 'vital_status' then '' else follow_up.label end as label,
    follow_up.state,
    follow_up.is_due,
    coalesce(follow_up.reason, '') as reason,
    count(*) as n_items,
    count(distinct follow_up.patient_id) as n_patients
from follow_up
where follow_up.is_counted
group by
    follow_up.site_id,
    follow_up.item,
    case when follow_up.kind = 'record' and follow_up.item <> 'vital_status' then '' else follow_up.label end,
    follow_up.state,
    follow_up.is_due,
    coalesce(follow_up.reason, '')
order by follow_up.site_id, follow_up.item, label, follow_up.state, reason
