-- One row per assessment, about every ten weeks.
with dates as (
    select
        p.*, n, enrolled_on + 75 * cast(n as integer) + chance(patient_id || n, 'day', 9) as assessed_on,
        chance(patient_id || n, 'response', 100) as x
    from usable_patient as p
    cross join range(19) as numbers(n)
)
select
    patient_id, assessed_on, 'treating_physician' as assessor, 'V' || n as visit,
    case
        when n = 0 then null when x < 4 then 'cr' when x < 30 then 'pr' when x < 78 then 'sd' when x < 88 then 'pd'
        when x < 92 then 'ne' else 'non_cr_non_pd'
    end as overall,
    case when chance(patient_id || n, 'basis', 20) = 0 then 'clinical' else 'imaging' end as basis,
    case when chance(patient_id, 'lesions', 10) <> 0 then 10 + chance(patient_id || n, 'sum', 60) end
        as sum_of_diameters_mm,
    patient_id || ' | ' || assessed_on || ' | treating_physician | V' || n as row_key,
    'response.csv' as source_file, 0 as source_row, 1 as n_copies
from dates
where assessed_on <= observed_until
