-- One row per enrolled patient of the cohort who started line 2 and characteristic: name, value as text. Visceral
-- disease is as the study recorded it at enrolment, the others as known when line 2 began.
with cohort as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),

second as (
    select line.patient_id, line.started_on
    from cohort
    inner join line_of_therapy as line on cohort.patient_id = line.patient_id
    where line.line = 2
),

ecog as (
    select second.patient_id, start.ecog as value
    from second
    inner join ecog_at_start as start on second.patient_id = start.patient_id
    where start.origin = 'LINE' and start.line = 2 and start.days_after <= $ecog_after_days
),

visceral as (
    select
        second.patient_id, fact.code as value
    from second
    inner join header_fact as fact on second.patient_id = fact.patient_id
    where fact.kind = 'CHARACTERISTIC' and fact.name = 'visceral_disease'
),

first_line as (
    select second.patient_id, line.key_days as days
    from second
    inner join line_of_therapy as line on second.patient_id = line.patient_id
    where line.line = 1
),

final as (
    select patient_id, 'visceral_disease' as name, value from visceral
    union all
    select patient_id, 'key_days', cast(days as varchar) from first_line
    union all
    select patient_id, 'ecog', cast(cast(value as integer) as varchar) from ecog
    union all
    select second.patient_id, 'endocrine_sensitivity', sensitivity.sensitivity
    from second
    inner join endocrine_sensitivity as sensitivity on second.patient_id = sensitivity.patient_id
)

select * from final where value is not null order by name, patient_id
