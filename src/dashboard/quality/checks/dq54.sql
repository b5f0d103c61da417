-- One row per serious adverse event without a criterion, where the extract records criteria, and per event with a criterion
-- that is not called serious.
select
    'adverse_event' as table_name,
    row_key,
    'serious_criterion' as column_name,
    patient_id,
    term || case
        when is_serious then ', serious, no criterion'
        else ', ' || replace(serious_criterion, '_', ' ') || ', not called serious'
    end as value_text
from adverse_event
where
    (
        is_serious and serious_criterion is null
        and exists (select 1 from adverse_event as other where other.serious_criterion is not null)
    )
    or (not is_serious and serious_criterion is not null)
