-- One row per patient and date with a reported response or a lesion, with the line in force and its baseline.
with lesion_dates as (
    select patient_id, assessed_on, visit from target_sum where source_table = 'lesion'
    union all
    select patient_id, assessed_on, visit from lesion_finding where role <> 'target'
),
dates as (
    select patient_id, assessed_on, max(visit) as visit, 1 as has_lesions
    from lesion_dates group by patient_id, assessed_on
    union all
    select patient_id, assessed_on, cast(null as varchar), 0 from response_report
),
all_dates as (
    select patient_id, assessed_on, max(visit) as visit, max(has_lesions) as has_lesions
    from dates group by patient_id, assessed_on
),
-- Line in force: the greatest line that started before the assessment, strictly (line 0: local treatment).
in_force as (
    select
        d.*, b.line, b.baseline_on, b.measured_on, b.n_targets,
        row_number() over (
            partition by d.patient_id, d.assessed_on
            order by b.started_on desc nulls last, b.line desc nulls last
        ) as place
    from all_dates as d
    left join line_baseline as b on d.patient_id = b.patient_id and b.started_on < d.assessed_on
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(assessed_on as date) as assessed_on,
        cast(visit as varchar) as visit,
        cast(has_lesions = 1 as boolean) as has_lesions,
        cast(line as integer) as line,
        cast(baseline_on as date) as baseline_on,
        cast(measured_on as date) as baseline_measured_on,
        cast(n_targets as integer) as n_targets,
        cast(coalesce(assessed_on <= baseline_on, line is null) as boolean) as is_baseline
    from in_force
    where place = 1
)
select * from final
