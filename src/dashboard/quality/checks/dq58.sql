-- One row per patient and progression without the blood draw the protocol plans there (rule of the follow-up list).
select
    follow_up.source_table as table_name,
    follow_up.source_key as row_key,
    follow_up.window_key as column_name,
    follow_up.patient_id,
    follow_up.label || ', window closed ' || cast(follow_up.closes_on as varchar) as value_text
from follow_up
inner join visit_plan as plan on follow_up.item = plan.item
where follow_up.kind = 'ctdna' and follow_up.is_owed and follow_up.state = 'OVERDUE' and plan.is_at_progression
