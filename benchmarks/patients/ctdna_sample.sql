-- One row per draw, about every two months.
with draws as (
    select
        p.*, n, enrolled_on - 5 + 58 * cast(n as integer) + chance(patient_id || n, 'draw', 12) as collected_on,
        chance(patient_id || n, 'status', 100) as x
    from usable_patient as p
    cross join range(24) as numbers(n)
)
select
    'S' || substr(patient_id, 2) || lpad(cast(n as varchar), 2, '0') as sample_id, patient_id, collected_on,
    collected_on + 12 as reported_on,
    case
        when x < 4 then 'failed'
        when x < 4 + 5 * (1 + chance(patient_id, 'clears', 15)) then 'not_detected'
        else 'detected'
    end as status,
    'Breast ctDNA panel' as assay, 'Breast ctDNA panel v1' as panel, 'planned_follow_up' as reason,
    'S' || substr(patient_id, 2) || lpad(cast(n as varchar), 2, '0') as row_key,
    'ctdna_sample.csv' as source_file, 0 as source_row, 1 as n_copies
from draws
where collected_on <= observed_until
