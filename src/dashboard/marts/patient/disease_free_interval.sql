-- One row per patient and interval without disease of which both ends are known: before the metastases, after NED,
-- after the local treatment that led to NED. The header and eligibility read the same completed months.
with patient as (
    select * from usable_patient
),
-- NED ends with the oligometastases, or with a progression before them.
progressed as (
    select p.patient_id, min(r.assessed_on) as progressed_on
    from patient as p
    inner join overall_response as r
        on p.patient_id = r.patient_id and r.response = 'PD'
        and r.assessed_on > p.ned_on and r.assessed_on < p.oligometastatic_on
    group by p.patient_id
),
ned as (
    select
        p.patient_id, p.ned_on, p.ned_on_precision, coalesce(g.progressed_on, p.oligometastatic_on) as ended_on,
        case when g.progressed_on is null then p.oligometastatic_on_precision end as ended_on_precision, p.row_key
    from patient as p
    left join progressed as g on p.patient_id = g.patient_id
),
reached as (
    select p.patient_id, max(coalesce(t.ended_on, t.started_on)) as treated_on
    from patient as p
    inner join usable_treatment as t on p.patient_id = t.patient_id
    where t.kind in ('surgery', 'ablation', 'radiotherapy') and coalesce(t.ended_on, t.started_on) <= p.ned_on
    group by p.patient_id
),
free as (
    select
        patient_id, 'METASTATIC' as kind, primary_diagnosed_on as from_on, metastatic_on as ended_on,
        primary_diagnosed_on_precision as from_precision, metastatic_on_precision as ended_precision, row_key
    from patient
    union all
    select patient_id, 'NED', ned_on, ended_on, ned_on_precision, ended_on_precision, row_key from ned
    union all
    select n.patient_id, 'NED_TREATMENT', r.treated_on, n.ended_on, 'day', n.ended_on_precision, n.row_key
    from ned as n
    inner join reached as r on n.patient_id = r.patient_id
),
month_count as (
    select *, 12 * (year(ended_on) - year(from_on)) + month(ended_on) - month(from_on) as calendar_months from free
),
-- Completed calendar months: six months after 31 August is the last day of February (clinical-decisions A31). Dates in
-- the wrong order give none; a month may stand at its last day, after the other date of the same month, and gives 0.
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(kind as varchar) as kind,
        cast(from_on as date) as from_on,
        cast(ended_on as date) as ended_on,
        cast(
            case
                when calendar_months > 0 and add_months(from_on, cast(calendar_months as integer)) > ended_on
                    then calendar_months - 1
                else calendar_months
            end as integer
        ) as n_months,
        cast(case from_precision when 'year' then 12 when 'month' then 1 else 0 end as integer) as from_spread_months,
        cast(case ended_precision when 'year' then 12 when 'month' then 1 else 0 end as integer)
            as ended_spread_months,
        cast('patient' as varchar) as source_table,
        cast(row_key as varchar) as source_key
    from month_count
    where
        ended_on >= from_on
        or (calendar_months = 0 and 'month' in (coalesce(from_precision, 'day'), coalesce(ended_precision, 'day')))
)
select * from final
