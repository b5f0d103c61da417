-- One row per sample that is not detected although one of its variants is, or detected although none is; variants from
-- white cells or the germline do not count.
with found as (
    select sample_id, count(*) as n, count(*) filter (where status in ('detected', 'below_loq')) as n_detected
    from variant
    where coalesce(origin, 'unknown') in ('tumour', 'unknown') and coalesce(is_tracked, true)
    group by sample_id
)

select
    'ctdna_sample' as table_name,
    sample.row_key,
    'status' as column_name,
    sample.patient_id,
    replace(sample.status, '_', ' ') || ', ' || cast(found.n_detected as varchar) || ' of ' || cast(found.n as varchar)
    || ' variants detected' as value_text
from ctdna_sample as sample
inner join found on sample.sample_id = found.sample_id
where
    (sample.status = 'not_detected' and found.n_detected > 0)
    or (sample.status = 'detected' and found.n_detected = 0 and sample.quantity_value is null)
