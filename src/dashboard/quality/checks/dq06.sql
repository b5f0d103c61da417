-- One row per patient whose recorded age is more than a year off the age at enrolment the date of birth allows; without
-- enrolment at consent or screening.
with age as (
    select
        patient_id,
        row_key,
        age_years,
        date_sub('year', born_on, least(enrolled_on, consented_on, screened_on)) as youngest,
        date_sub(
            'year', earliest_day(born_on, born_on_precision), greatest(enrolled_on, consented_on, screened_on)
        ) as oldest
    from patient
    where age_years is not null and born_on is not null
)

select
    'patient' as table_name,
    row_key,
    'age_years' as column_name,
    patient_id,
    cast(age_years as varchar) || ' recorded, ' || cast(youngest as varchar) || case
        when oldest > youngest then ' or ' || cast(oldest as varchar) else ''
    end || ' by the date of birth' as value_text
from age
where age_years < youngest - 1 or age_years > oldest + 1
