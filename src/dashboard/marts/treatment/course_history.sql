-- One row per systemic course that can open a line, with its drugs counted and what came before it.
with drug_counts as (
    select
        c.patient_id, c.source_key, count(*) as n_drugs,
        max(case when c.drug_class = s.key_class then 1 else 0 end) as n_key_class,
        max(case when c.drug_class = 'endocrine' then 1 else 0 end) as n_endocrine,
        max(case when c.drug_class = 'chemotherapy' then 1 else 0 end) as n_chemotherapy,
        min(case when c.is_oral then 1 else 0 end) as n_oral
    from course_drug as c
    cross join study as s
    where c.opens_line
    group by c.patient_id, c.source_key
),
-- Counts of progressions turn "a progression between two starts" into a comparison. One up to
-- scan_baseline_to_day after a start belongs to what came before.
pd_counts as (
    select
        k.patient_id, k.source_key, count(case when g.progressed_on <= k.started_on then 1 end) as n_pd,
        count(case when g.progressed_on <= k.started_on + s.scan_baseline_to_day then 1 end) as n_pd_settled
    from systemic_course as k
    cross join study as s
    inner join progression_day as g on k.patient_id = g.patient_id
    group by k.patient_id, k.source_key
),
courses as (
    select
        k.patient_id, k.source_key, k.started_on, n.n_drugs, n.n_key_class, n.n_endocrine, n.n_chemotherapy,
        n.n_oral, coalesce(c.n_pd, 0) as n_pd, coalesce(c.n_pd_settled, 0) as n_pd_settled,
        coalesce(k.ended_on, case when k.may_go_on then k.observed_until else k.started_on end) as last_dose_on
    from systemic_course as k
    inner join drug_counts as n on k.patient_id = n.patient_id and k.source_key = n.source_key
    left join pd_counts as c on k.patient_id = c.patient_id and k.source_key = c.source_key
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(started_on as date) as started_on,
        cast(n_drugs as bigint) as n_drugs,
        cast(n_key_class = 1 as boolean) as has_key_class,
        cast(n_endocrine = 1 as boolean) as has_endocrine,
        cast(n_chemotherapy = 1 as boolean) as has_chemotherapy,
        cast(n_oral = 1 as boolean) as is_oral,
        cast(n_pd as bigint) as n_pd,
        cast(n_pd_settled as bigint) as n_pd_settled,
        cast(max(last_dose_on) over w as date) as last_dose_before_on,
        cast(max(case when n_key_class = 1 then started_on end) over w as date) as class_given_before_on,
        cast('treatment' as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from courses
    window w as (
        partition by patient_id order by started_on nulls last, source_key nulls last
        rows between unbounded preceding and 1 preceding
    )
)
select * from final
