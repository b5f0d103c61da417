-- One row per line followed by another without a progression or a reason why it ended or the next began.
with pair as (
    select
        line_of_therapy.*,
        lead(start_reason) over (partition by patient_id order by line) as next_start_reason
    from line_of_therapy
)

select
    source_table as table_name,
    source_key as row_key,
    'stop_reason' as column_name,
    patient_id,
    'line ' || cast(line as varchar) || ', next line from ' || cast(next_started_on as varchar) as value_text
from pair
where
    next_started_on is not null and progressed_on is null and coalesce(stop_reason, 'unknown') = 'unknown'
    and coalesce(next_start_reason, 'unknown') = 'unknown'
