-- One row per radiotherapy whose total dose is not fractions times dose per fraction; 0.05 Gy a fraction may be rounding.
select
    'treatment' as table_name,
    row_key,
    'total_dose_gy' as column_name,
    patient_id,
    cast(total_dose_gy as varchar) || ' Gy, ' || cast(fractions as varchar) || ' x '
    || cast(dose_per_fraction_gy as varchar) || ' Gy' as value_text
from treatment
where kind = 'radiotherapy' and abs(total_dose_gy - fractions * dose_per_fraction_gy) > fractions * 0.05
