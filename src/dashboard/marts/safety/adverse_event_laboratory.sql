-- One row per patient, way of counting and laboratory value: its worst CTCAE 5.0 grade while at risk.
-- Shown beside reported adverse events, never added to them (clinical-decisions A25c).
with baseline as (select patient_id, name, grade from laboratory_grade where is_baseline),
exposed as (
    select
        x.patient_id, x.scope, x.unit, g.name, g.preferred_term, g.measured_on, g.grade, g.source_key,
        row_number() over (
            partition by x.patient_id, x.scope, x.unit, g.name
            order by g.grade desc nulls last, g.measured_on nulls last, g.source_key nulls last
        ) as place
    from adverse_event_exposure as x
    inner join laboratory_grade as g
        on x.patient_id = g.patient_id and not g.is_before_treatment
        and g.measured_on between x.risk_from and x.risk_until
),
final as (
    select
        cast(e.patient_id as varchar) as patient_id,
        cast(e.scope as varchar) as scope,
        cast(e.unit as varchar) as unit,
        cast(e.name as varchar) as name,
        cast(e.preferred_term as varchar) as preferred_term,
        cast(count(*) as integer) as n_values,
        cast(max(e.grade) as integer) as worst_grade,
        cast(max(case when e.place = 1 then e.measured_on end) as date) as worst_on,
        cast(max(b.grade) as integer) as baseline_grade,
        cast(max(coalesce(e.grade, 0)) > max(coalesce(b.grade, 0)) as boolean) as is_worse_than_baseline,
        cast('LAB_WORST_GRADE' as varchar) as rule,
        cast('measurement' as varchar) as source_table,
        cast(max(case when e.place = 1 then e.source_key end) as varchar) as source_key
    from exposed as e
    left join baseline as b on e.patient_id = b.patient_id and e.name = b.name
    group by e.patient_id, e.scope, e.unit, e.name, e.preferred_term
)
select * from final
