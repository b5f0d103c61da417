-- One row per choice of the cohort filter and value that an enrolled patient has: name, value, number of patients.
with enrolled as (
    select * from usable_patient where enrolled_on is not null
),

at_enrolment as (
    select summary.patient_id, summary.enrolment_line, summary.enrolment_drug_class
    from patient_summary as summary
    inner join enrolled on summary.patient_id = enrolled.patient_id
    where summary.enrolment_line is not null
),

final as (
    select patient_id, 'site_id' as name, site_id as value from enrolled
    union all
    select patient_id, 'tumour_type', tumour_type from enrolled
    union all
    select patient_id, 'stage', stage from enrolled
    union all
    select patient_id, 'sex', sex from enrolled
    union all
    select patient_id, 'diagnosis', diagnosis from enrolled
    union all
    select patient_id, 'histology', histology from enrolled
    union all
    select patient_id, 'icd10', icd10 from enrolled
    union all
    select patient_id, 'ned_basis', ned_basis from enrolled
    union all
    select patient_id, 'line', cast(enrolment_line as varchar) from at_enrolment
    union all
    select patient_id, 'drug_class', unnest(string_split(enrolment_drug_class, ' + ')) from at_enrolment
    union all
    select local_course.patient_id, 'group_code', local_course.group_code
    from local_course
    inner join enrolled on local_course.patient_id = enrolled.patient_id
    where local_course.course = 1
    union all
    select
        patient_id, 'is_ctdna_tested',
        case when patient_id in (select patient_id from ctdna_level where is_valid) then 'yes' else 'no' end
    from enrolled
    union all
    select
        patient_id, 'is_after_induction',
        case when patient_id in (select patient_id from line_of_therapy where is_after_induction) then 'yes' else 'no' end
    from enrolled
    union all
    select enrolled.patient_id, 'characteristic.' || fact.name, fact.code
    from enrolled
    inner join header_fact as fact on enrolled.patient_id = fact.patient_id
    where fact.kind = 'CHARACTERISTIC'
)

select name, value, count(distinct patient_id) as n
from final
where value is not null and value <> ''
group by name, value
order by name, value
