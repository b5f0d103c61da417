-- One row per site, item and state: how many items, a repeated one once per patient, and how many patients.
select
    follow_up.site_id,
    follow_up.item,
    case when follow_up.kind = 'record' and follow_up.item <> 'vital_status' then '' else follow_up.label end as label,
    follow_up.state,
    coalesce(follow_up.reason, '') as reason,
    count(*) as n_items,
    count(distinct follow_up.patient_id) as n_patients
from follow_up
where follow_up.is_current or not follow_up.is_repeated
group by
    follow_up.site_id,
    follow_up.item,
    case when follow_up.kind = 'record' and follow_up.item <> 'vital_status' then '' else follow_up.label end,
    follow_up.state,
    coalesce(follow_up.reason, '')
order by follow_up.site_id, follow_up.item, label, follow_up.state, reason
