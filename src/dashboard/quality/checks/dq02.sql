-- One row per patient who shares sex, day of birth and day of first diagnosis with a patient of another site.
with person as (
    select patient_id, row_key, site_id, sex, born_on, primary_diagnosed_on
    from patient
    where
        sex in ('female', 'male') and born_on_precision = 'day' and primary_diagnosed_on_precision = 'day'
        and born_on is not null and primary_diagnosed_on is not null
),

final as (
    select
        'patient' as table_name,
        one.row_key,
        'site_id' as column_name,
        one.patient_id,
        min(other.patient_id) as value_text
    from person as one
    inner join person as other
        on
            one.sex = other.sex and one.born_on = other.born_on
            and one.primary_diagnosed_on = other.primary_diagnosed_on and one.site_id <> other.site_id
    group by one.row_key, one.patient_id
)

select * from final
