-- One row per enrolled patient and characteristic at the start of line $line that is recorded: source, name, value as
-- text. Months on the line before are those on the drugs the study follows (line_of_therapy.key_days).
with ecog as (
    select start.patient_id, cast(cast(start.ecog as integer) as varchar) as value
    from ecog_at_start as start
    inner join usable_patient as patient on start.patient_id = patient.patient_id
    where
        patient.enrolled_on is not null and start.origin = 'LINE' and start.line = $line
        and start.days_after <= $after_days
),

line_before as (
    select line.patient_id, line.key_days as days
    from line_of_therapy as line
    inner join usable_patient as patient on line.patient_id = patient.patient_id
    where patient.enrolled_on is not null and line.line = $line - 1
),

final as (
    select patient_id, 'line_start' as source, 'ecog' as name, value from ecog
    union all
    select patient_id, 'number', 'months_on_line_before', cast(round(days / $days_per_month, 4) as varchar) from line_before
)

select * from final where value is not null order by source, name, patient_id
