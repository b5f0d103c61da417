-- One row per laboratory value with a limit of normal: the grade CTCAE 5.0 gives it, empty where it gives none.
with graded_names as (
    select
        name, direction, preferred_term,
        max(case when bound_kind = 'abnormal_baseline' then 1 else 0 end) as has_own_baseline
    from ctcae_laboratory
    group by name, direction, preferred_term
),
first_dose as (
    select patient_id, min(started_on) as started_on from adverse_event_exposure
    where scope = 'ALL' group by patient_id
),
-- "<0.5" is at most its number, so it tells the grade of a low value and not of a high one.
readings as (
    select
        m.patient_id, m.name, g.preferred_term, g.has_own_baseline, m.measured_on, m.value, m.unit, m.lower_normal,
        m.upper_normal, m.row_key, f.started_on as first_dose_on,
        coalesce(m.measured_on <= f.started_on, true) as is_before
    from usable_measurement as m
    inner join usable_patient as p on m.patient_id = p.patient_id and m.measured_on <= p.observed_until
    inner join graded_names as g on m.name = g.name
    left join first_dose as f on m.patient_id = f.patient_id
    where m.value is not null
        and (m.comparator is null or m.comparator = case g.direction when 'low' then '<' else '>' end)
        and case g.direction when 'low' then m.lower_normal else m.upper_normal end > 0
),
-- Baseline: the last value up to the day of the first dose.
ordered as (
    select
        *,
        row_number() over (
            partition by patient_id, name, is_before
            order by measured_on desc nulls last, row_key desc nulls last
        ) as place
    from readings
),
compared as (
    select
        r.patient_id, r.name, r.preferred_term, r.has_own_baseline, r.measured_on, r.value, r.unit, r.lower_normal,
        r.upper_normal, r.row_key, r.is_before, r.is_before and r.place = 1 and r.first_dose_on is not null
            as is_baseline,
        case when not r.is_before then b.value end as baseline_value,
        case when not r.is_before then b.upper_normal end as baseline_upper_normal
    from ordered as r
    left join ordered as b on r.patient_id = b.patient_id and r.name = b.name and b.is_before and b.place = 1
),
reached as (
    select
        c.row_key, max(l.grade) as grade
    from compared as c
    inner join ctcae_laboratory as l on c.name = l.name
    where
        case l.bound_kind
            when 'lower_normal' then c.value < c.lower_normal
            when 'absolute' then c.unit = l.unit and c.value < l.bound and c.value < c.lower_normal
            when 'upper_normal' then c.value > l.bound * c.upper_normal
                and (c.has_own_baseline = 0 or coalesce(c.baseline_value <= c.baseline_upper_normal, true))
            when 'abnormal_baseline' then c.baseline_value > c.baseline_upper_normal
                and (c.value > l.bound * c.baseline_value or l.is_inclusive and c.value = l.bound * c.baseline_value)
            else c.value > l.bound * c.baseline_value
        end
    group by c.row_key
),
final as (
    select
        cast(c.patient_id as varchar) as patient_id,
        cast(c.name as varchar) as name,
        cast(c.preferred_term as varchar) as preferred_term,
        cast(c.measured_on as date) as measured_on,
        cast(c.value as decimal(18, 4)) as value,
        cast(c.unit as varchar) as unit,
        cast(c.lower_normal as decimal(18, 4)) as lower_normal,
        cast(c.upper_normal as decimal(18, 4)) as upper_normal,
        cast(c.is_before as boolean) as is_before_treatment,
        cast(c.is_baseline as boolean) as is_baseline,
        cast(c.baseline_value as decimal(18, 4)) as baseline_value,
        cast(r.grade as integer) as grade,
        cast(case when r.grade is null then 'LAB_NO_GRADE' else 'LAB_GRADE' end as varchar) as rule,
        cast('measurement' as varchar) as source_table,
        cast(c.row_key as varchar) as source_key
    from compared as c
    left join reached as r on c.row_key = r.row_key
)
select * from final
