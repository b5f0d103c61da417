-- One row per patient and progression whose blood draw cannot be made up for: none near enough, and the patient has
-- been drawn since, begun the next line, progressed again or left.
select
    follow_up.source_table as table_name,
    follow_up.source_key as row_key,
    follow_up.window_key as column_name,
    follow_up.patient_id,
    'progression ' || cast(planned.anchor_on as varchar) || ', no draw that counts for the protocol''s window '
    || cast(planned.opens_on as varchar) || ' to ' || cast(planned.closes_on as varchar) as value_text
from follow_up
inner join visit_plan as plan on follow_up.item = plan.item
inner join planned_window as planned
    on follow_up.patient_id = planned.patient_id and follow_up.window_key = planned.window_key
where
    follow_up.kind = 'ctdna' and follow_up.is_protocol and follow_up.state = 'CANNOT_BE_OBTAINED'
    and plan.is_at_progression
