-- One row per patient and blood draw of the protocol that is overdue (rule of the follow-up list); draws at progression
-- have a check of their own. An error from the 31st day after its window on (clinical-rules 7.2).
select
    follow_up.source_table as table_name,
    follow_up.source_key as row_key,
    follow_up.window_key as column_name,
    follow_up.patient_id,
    follow_up.label || ', window closed ' || cast(follow_up.closes_on as varchar) as value_text,
    case when follow_up.days_late > 30 then 'error' else 'warning' end as severity
from follow_up
inner join visit_plan as plan on follow_up.item = plan.item
where
    follow_up.kind = 'ctdna' and follow_up.is_protocol and follow_up.is_owed and follow_up.state = 'OVERDUE'
    and not coalesce(plan.is_at_progression, false)
