-- One row per patient whose first valid sample stands in for the baseline and was drawn on treatment.
select
    source_table as table_name,
    source_key as row_key,
    'collected_on' as column_name,
    patient_id,
    cast(collected_on as varchar) || ', day ' || cast(day_of_line as varchar) || ' of line ' || cast(line as varchar)
        as value_text
from ctdna_level
where is_baseline and baseline_rule = 'BASELINE_FIRST_VALID' and draw_timing = 'ON_TREATMENT'
