-- One row per patient whose first treated metastasis is older than the date of metastatic disease; partial dates count
-- in the patient's favour. Only organs where cancer of another organ is a metastasis are looked at, and only patients
-- of whose cancer it is known where it began.
with own as (
    select row_key, patient_id, tumour_type, metastatic_on, metastatic_on_precision
    from patient
    where metastatic_on is not null and tumour_type in (select tumour_type from primary_organ)
),

organ_of_lesion as (
    select patient_id, lesion_id, min(lower(organ)) as organ from lesion group by patient_id, lesion_id
),

treated as (
    select
        local.patient_id, coalesce(lower(local.organ), seen.organ) as organ, local.started_on as treated_on,
        local.started_on_precision as precise_to, local.kind as what, 'treatment' as said_in, local.row_key as said_by
    from treatment as local
    left join organ_of_lesion as seen on local.patient_id = seen.patient_id and local.lesion_id = seen.lesion_id
    where
        local.kind in ('radiotherapy', 'ablation', 'surgery')
        and coalesce(local.intent, 'unknown') not in ('adjuvant', 'neoadjuvant', 'supportive')
    union all
    select
        patient_id, lower(organ), assessed_on, assessed_on_precision, 'treated lesion', 'lesion', row_key
    from lesion
    where role = 'treated' and not coalesce(is_node, false)
),

first_treated as (
    select
        own.row_key, own.metastatic_on, own.metastatic_on_precision, treated.*,
        row_number() over (partition by own.patient_id order by treated.treated_on, treated.said_by) as place
    from own
    inner join treated on own.patient_id = treated.patient_id
    left join primary_organ on own.tumour_type = primary_organ.tumour_type and treated.organ = primary_organ.organ
    where treated.organ in (select organ from metastasis_organ) and primary_organ.organ is null
)

select
    'patient' as table_name,
    row_key,
    'metastatic_on' as column_name,
    patient_id,
    cast(metastatic_on as varchar)
    || case when metastatic_on_precision in ('month', 'year') then ' (known to the ' || metastatic_on_precision || ')' else '' end
    || ', but ' || what || ' of the ' || organ || ' on ' || cast(treated_on as varchar)
    || case when precise_to in ('month', 'year') then ' (known to the ' || precise_to || ')' else '' end
    || ', ' || said_in || ' ' || replace(said_by, ' | ', ', ') as value_text
from first_treated
where place = 1 and earliest_day(metastatic_on, metastatic_on_precision) > treated_on
