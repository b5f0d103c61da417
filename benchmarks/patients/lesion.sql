-- One row per lesion and assessment, in every tenth patient.
select
    r.patient_id, l.lesion_id, r.assessed_on, r.visit,
    case when l.lesion_id = 'L3' then 'non_target' else 'target' end as role,
    l.lesion_id = 'L2' as is_node,
    case when l.lesion_id <> 'L3' then 8 + chance(r.row_key || l.lesion_id, 'diameter', 30) end as diameter_mm,
    case when l.lesion_id = 'L3' then 'present' else 'measured' end as state,
    r.patient_id || ' | ' || l.lesion_id || ' | ' || r.assessed_on as row_key,
    'lesion.csv' as source_file, 0 as source_row, 1 as n_copies
from usable_response as r
cross join (values ('L1'), ('L2'), ('L3')) as l(lesion_id)
where chance(r.patient_id, 'lesions', 10) = 0
