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

-- The last ECOG up to enrolment; where there is none, the first in the days of laboratory screening after it.
ecog as (
    select usable_measurement.patient_id, usable_measurement.value,
        row_number() over (
            partition by usable_measurement.patient_id
            order by
                usable_measurement.measured_on > enrolled.enrolled_on nulls last,
                abs(date_diff('day', usable_measurement.measured_on, enrolled.enrolled_on)) nulls last,
                usable_measurement.row_key nulls last
        ) as place
    from usable_measurement
    inner join enrolled on usable_measurement.patient_id = enrolled.patient_id
    where
        usable_measurement.name = 'ecog'
        and date_diff('day', enrolled.enrolled_on, usable_measurement.measured_on) <= $after_days
),

-- A date known to the year alone gives no interval. One known to the month may stand at its last day, after the other
-- date of that month: the interval is then under a month, shown as 0.
interval_days as (
    select
        patient_id, 'diagnosis_to_metastasis_months' as name,
        date_diff('day', primary_diagnosed_on, metastatic_on) as days,
        primary_diagnosed_on_precision = 'month' or metastatic_on_precision = 'month' as is_partial
    from enrolled
    where primary_diagnosed_on_precision <> 'year' and metastatic_on_precision <> 'year'
    union all
    select
        patient_id, 'ned_to_oligometastasis_months', date_diff('day', ned_on, oligometastatic_on),
        ned_on_precision = 'month' or oligometastatic_on_precision = 'month'
    from enrolled
    where ned_on_precision <> 'year' and oligometastatic_on_precision <> 'year'
),

-- Months of 30.4375 days; dates in the wrong order are a data issue and give none.
interval_months as (
    select patient_id, name, case when days < 0 then 0 else days / 30.4375 end as months
    from interval_days
    where days >= 0 or (is_partial and days > -31)
),

recorded as (
    select patient_id, name, value,
        row_number() over (partition by patient_id, name order by recorded_on desc nulls last, row_key nulls last) as place
    from usable_characteristic
),

final as (
    select patient_id, 'number' as source, 'age' as name, cast(age_years as varchar) as value from age
    union all
    select patient_id, 'number', name, cast(cast(months as decimal(8, 1)) as varchar) from interval_months
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
    select patient_id, 'measurement', 'ecog', cast(cast(value as integer) as varchar) from ecog where place = 1
    union all
    select recorded.patient_id, 'characteristic', recorded.name, recorded.value
    from recorded
    inner join enrolled on recorded.patient_id = enrolled.patient_id
    where recorded.place = 1
)

select * from final where value is not null order by source, name, patient_id
