-- One row per response by imaging without an examination within the study's days, where the extract records examinations.
select
    'response' as table_name,
    response.row_key,
    'assessed_on' as column_name,
    response.patient_id,
    cast(response.assessed_on as varchar) as value_text
from response
cross join study
left join imaging
    on
        response.patient_id = imaging.patient_id
        and imaging.imaged_on between
        earliest_day(response.assessed_on, response.assessed_on_precision) - study.response_entry_days
        and response.assessed_on + study.response_entry_days
where
    imaging.patient_id is null and coalesce(response.basis, 'imaging') = 'imaging' and response.overall is not null
    and exists (select 1 from imaging as other)
