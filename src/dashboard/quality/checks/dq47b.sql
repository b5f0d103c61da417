-- One row per diameter under 5 mm, in lesions of one role whose median is over 5 mm, that times ten is between half and
-- twice the diameter of that lesion before or after: perhaps centimetres (docs/decisions 0014).
with usual as (
    select role, median(diameter_mm) as middle from lesion where diameter_mm is not null group by role
),

followed as (
    select
        patient_id, lesion_id, assessed_on, role, row_key, diameter_mm,
        lag(diameter_mm) over (partition by patient_id, lesion_id order by assessed_on, row_key) as before_mm,
        lead(diameter_mm) over (partition by patient_id, lesion_id order by assessed_on, row_key) as after_mm
    from lesion
    where diameter_mm is not null
)

select
    'lesion' as table_name,
    followed.row_key,
    'diameter_mm' as column_name,
    followed.patient_id,
    cast(followed.diameter_mm as varchar) || ' mm beside '
    || case
        when 10 * followed.diameter_mm between followed.before_mm / 2 and 2 * followed.before_mm
            then cast(followed.before_mm as varchar) || ' mm before'
        else cast(followed.after_mm as varchar) || ' mm after'
    end as value_text
from followed
inner join usual on followed.role = usual.role
where
    followed.diameter_mm > 0
    and followed.diameter_mm < 5
    and usual.middle > 5
    and (
        10 * followed.diameter_mm between followed.before_mm / 2 and 2 * followed.before_mm
        or 10 * followed.diameter_mm between followed.after_mm / 2 and 2 * followed.after_mm
    )
