-- One row per enrolled patient and characteristic that is recorded: source, name, value as text.
with enrolled as (
    select * from usable_patient where enrolled_on is not null /* and cohort */
),

summary as (
    select patient_summary.*
    from patient_summary
    inner join enrolled on patient_summary.patient_id = enrolled.patient_id
),

age as (
    select
        patient_id,
        coalesce(age_years, cast(date_sub('year', born_on, coalesce(consented_on, enrolled_on)) as integer)) as age_years
    from enrolled
),

ecog as (
    select start.patient_id, start.ecog as value
    from ecog_at_start as start
    inner join enrolled on start.patient_id = enrolled.patient_id
    where start.origin = 'ENROLMENT' and start.days_after <= $after_days
),

-- Time without metastases before, in the full months the patient page states.
before as (
    select
        patient_id,
        case kind when 'NED' then 'ned_to_oligometastasis_months' else 'diagnosis_to_metastasis_months' end as name,
        value as months
    from header_fact
    where kind in ('NED', 'METASTATIC')
),

final as (
    select patient_id, 'number' as source, 'age' as name, cast(age_years as varchar) as value from age
    union all
    select enrolled.patient_id, 'number', before.name, cast(cast(before.months as integer) as varchar)
    from enrolled
    inner join before on enrolled.patient_id = before.patient_id
    union all
    select enrolled.patient_id, 'number', 'largest_lung_lesion_mm', cast(cast(fact.low as decimal(8, 1)) as varchar)
    from enrolled
    inner join eligibility_fact as fact on enrolled.patient_id = fact.patient_id
    where fact.fact = 'largest_lung_lesion_mm' and fact.low = fact.high
    union all
    select patient_id, 'patient', 'sex', sex from enrolled
    union all
    select patient_id, 'patient', 'tumour_type', tumour_type from enrolled
    union all
    select patient_id, 'patient', 'diagnosis', diagnosis from enrolled
    union all
    select patient_id, 'patient', 'histology', histology from enrolled
    union all
    select patient_id, 'patient', 'icd10', icd10 from enrolled
    union all
    select patient_id, 'patient', 'stage', stage from enrolled
    union all
    select patient_id, 'patient', 'ned_basis', ned_basis from enrolled
    union all
    select patient_id, 'patient', 'site_id', site_id from enrolled
    union all
    select patient_id, 'index_line', 'line', cast(enrolment_line as varchar) from summary
    union all
    select patient_id, 'index_line', 'drug_class', enrolment_drug_class from summary
    union all
    select local_course.patient_id, 'local_course', 'group_code', local_course.group_code
    from local_course
    inner join enrolled on local_course.patient_id = enrolled.patient_id
    where local_course.course = 1
    union all
    select patient_id, 'measurement', 'ecog', cast(cast(value as integer) as varchar) from ecog
    union all
    select enrolled.patient_id, 'characteristic', fact.name, fact.code
    from enrolled
    inner join header_fact as fact on enrolled.patient_id = fact.patient_id
    where fact.kind = 'CHARACTERISTIC'
)

select * from final where value is not null order by source, name, patient_id
