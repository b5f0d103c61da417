-- One row per visit that took place without an ECOG performance status within 14 days, where the extract records it.
select
    'visit' as table_name,
    visit.row_key,
    'visit_on' as column_name,
    visit.patient_id,
    cast(visit.visit_on as varchar) as value_text
from visit
left join measurement
    on
        visit.patient_id = measurement.patient_id and measurement.name = 'ecog' and measurement.value is not null
        and measurement.measured_on between visit.visit_on - 14 and visit.visit_on + 14
where
    coalesce(visit.has_occurred, true) and measurement.patient_id is null
    and exists (select 1 from measurement as other where other.name = 'ecog' and other.value is not null)
