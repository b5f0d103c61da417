-- One row per visit and measurement.
select
    v.patient_id, m.name, v.visit_on as measured_on, v.visit, 'unit' as unit,
    case when m.name = 'ecog' then chance(v.row_key, 'ecog', 3) else 2 + chance(v.row_key, m.name, 90) end as value,
    v.patient_id || ' | ' || m.name || ' | ' || v.visit_on || ' | ' || v.visit as row_key,
    'measurement.csv' as source_file, 0 as source_row, 1 as n_copies
from usable_visit as v
cross join (values ('ca_15_3'), ('ecog')) as m(name)
