-- One row per sample at which assay or panel changed: it starts a new series.
with valid_sample as (
    select
        ctdna_level.*,
        lag(series_no) over (partition by patient_id order by draw_no, sample_id) as series_before,
        lag(coalesce(panel, assay)) over (partition by patient_id order by draw_no, sample_id) as panel_before
    from ctdna_level
    where is_valid
)

select
    source_table as table_name,
    source_key as row_key,
    'panel' as column_name,
    patient_id,
    coalesce(panel, assay, 'not recorded') || ' after ' || coalesce(panel_before, 'not recorded') as value_text
from valid_sample
where series_no > series_before and series_rule = 'ASSAY_CHANGED'
