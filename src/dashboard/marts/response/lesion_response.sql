-- One row per patient and assessment at which lesions were looked at, with what they say together.
with first_new as (
    select patient_id, lesion_id, min(seen_on) as first_on from lesion_finding
    where role = 'new' group by patient_id, lesion_id
),
lesion_dates as (select * from assessment_date where has_lesions),
expected as (
    select d.patient_id, d.assessed_on, count(distinct l.lesion_id) as n_expected
    from lesion_dates as d
    inner join lesion_finding as l on d.patient_id = l.patient_id and l.role = 'non_target'
        and (l.assessed_on = d.baseline_on or l.assessed_on = d.baseline_measured_on)
    group by d.patient_id, d.assessed_on
),
-- Lesions outside nodes that are there, whatever their size: a node of 9 mm that grows to 11 mm has not come
-- back (clinical-rules 1.2), and after local treatment the investigator judges the lesions treated (A5).
treated as (
    select distinct f.patient_id, f.lesion_id from lesion_finding as f
    cross join study as s
    where f.role = 'treated' and s.response_mode = 'post_local_therapy'
    union
    select distinct t.patient_id, t.lesion_id from usable_treatment as t
    cross join study as s
    where t.lesion_id is not null and s.response_mode = 'post_local_therapy'
),
present as (
    select patient_id, assessed_on, lesion_id from target_measurement
    where is_counted and not is_node and diameter_tenth_mm > 0
    union
    select f.patient_id, f.assessed_on, f.lesion_id from lesion_finding as f
    left join treated as t on f.patient_id = t.patient_id and f.lesion_id = t.lesion_id
    where f.role = 'non_target' and f.is_evaluated and not f.is_gone and not f.is_node
        and f.state <> 'equivocal' and t.lesion_id is null
),
presence as (
    select patient_id, assessed_on, count(*) as n_present from present group by patient_id, assessed_on
),
counted as (
    select
        d.patient_id, d.assessed_on,
        count(distinct case when l.role = 'non_target' and l.is_evaluated then l.lesion_id end)
            as n_evaluated,
        count(case when l.role = 'non_target' then 1 end) as n_non_target,
        count(case when l.role = 'non_target' and l.state = 'unequivocal_progression' then 1 end)
            as n_progressing,
        count(case when l.role = 'non_target' and l.is_evaluated and not (l.is_gone or l.is_normal_node) then 1 end)
            as n_remaining,
        count(case
            when l.role = 'new' and l.is_evaluated and l.state not in ('equivocal', 'absent') then 1
        end) as n_new,
        count(case when l.role = 'new' and l.state = 'equivocal' then 1 end) as n_new_equivocal,
        count(case when l.role = 'treated' and l.is_evaluated then 1 end) as n_treated,
        count(case when l.role = 'treated' and l.state = 'local_progression' then 1 end)
            as n_local_progression,
        count(case when l.role = 'treated' and l.state = 'equivocal' then 1 end) as n_treated_equivocal,
        min(case when l.role = 'new' and l.state not in ('equivocal', 'absent') then f.first_on end)
            as new_since_on,
        min(l.source_key) as source_key
    from lesion_dates as d
    left join lesion_finding as l on d.patient_id = l.patient_id and d.assessed_on = l.assessed_on
    left join first_new as f on l.patient_id = f.patient_id and l.lesion_id = f.lesion_id
    group by d.patient_id, d.assessed_on
),
judged as (
    select
        d.*, c.n_new, c.n_new_equivocal, c.n_treated, c.n_local_progression, c.n_treated_equivocal,
        c.new_since_on, c.source_key, t.response as target, t.sum_tenth_mm,
        coalesce(p.n_present, 0) as n_present,
        case
            when c.n_progressing > 0 then 'PD'
            when coalesce(e.n_expected, 0) = 0 and c.n_non_target = 0 then null
            when c.n_evaluated < coalesce(e.n_expected, 0) or c.n_evaluated = 0 then 'NE'
            when c.n_remaining = 0 then 'CR'
            else 'NON-CR/NON-PD'
        end as non_target
    from lesion_dates as d
    inner join counted as c on d.patient_id = c.patient_id and d.assessed_on = c.assessed_on
    left join expected as e on d.patient_id = e.patient_id and d.assessed_on = e.assessed_on
    left join target_response as t on d.patient_id = t.patient_id and d.assessed_on = t.assessed_on
    left join presence as p on d.patient_id = p.patient_id and d.assessed_on = p.assessed_on
),
-- What the lesions of one date belong to: the report of that date, else the nearest report of that visit.
reports as (
    select patient_id, assessed_on, visit, source_key from response_report where counts
),
candidates as (
    select j.patient_id, j.assessed_on, r.assessed_on as matched_on, r.source_key
    from judged as j
    inner join reports as r on j.patient_id = r.patient_id and j.assessed_on = r.assessed_on
    union all
    select j.patient_id, j.assessed_on, r.assessed_on, r.source_key
    from judged as j
    inner join reports as r
        on j.patient_id = r.patient_id and j.visit = r.visit and j.assessed_on <> r.assessed_on
),
nearest as (
    select
        patient_id, assessed_on, matched_on,
        row_number() over (
            partition by patient_id, assessed_on
            order by abs(date_diff('day', assessed_on, matched_on)) nulls last, source_key nulls last
        ) as place
    from candidates
),
measured as (
    select
        j.*, coalesce(n.matched_on, j.assessed_on) as matched_on,
        row_number() over (
            partition by j.patient_id, coalesce(n.matched_on, j.assessed_on)
            order by case when j.sum_tenth_mm is not null then 0 else 1 end nulls last,
                j.assessed_on desc nulls last
        ) as part
    from judged as j
    left join nearest as n
        on j.patient_id = n.patient_id and j.assessed_on = n.assessed_on and n.place = 1
),
-- Where the new lesions lie, in words: "liver, segment VIII (N1)".
new_lesion as (
    select
        m.patient_id, m.matched_on, f.lesion_id,
        case
            when coalesce(f.organ, 'unknown') in ('other', 'unknown') then coalesce(f.location, 'site not recorded')
            when f.location is null or f.location = f.organ then replace(f.organ, '_', ' ')
            when f.organ = 'lymph_node' and f.location like '%node%' then f.location
            when f.organ = 'lymph_node' then f.location || ' lymph node'
            else replace(f.organ, '_', ' ') || ', ' || f.location
        end as site
    from measured as m
    inner join lesion_finding as f on m.patient_id = f.patient_id and m.assessed_on = f.assessed_on
    where f.role = 'new' and f.is_evaluated and f.state not in ('equivocal', 'absent')
),
at_site as (
    select
        patient_id, matched_on,
        site || ' (' || array_to_string(list_sort(list(distinct lesion_id)), ', ') || ')' as lesions
    from new_lesion
    group by patient_id, matched_on, site
),
new_site as (
    select
        patient_id, matched_on, array_to_string(list_sort(list(distinct lesions)), '; ') as new_sites
    from at_site
    group by patient_id, matched_on
),
final as (
    select
        cast(measured.patient_id as varchar) as patient_id,
        cast(measured.matched_on as date) as assessed_on,
        cast(max(visit) as varchar) as visit,
        cast(max(case when part = 1 then assessed_on end) as date) as measured_on,
        cast(max(case
            when part = 1 and target is not null then target
            when part = 1 and n_targets > 0 and not is_baseline then 'NE'
        end) as varchar) as target,
        cast(case
            when max(case when non_target = 'PD' then 1 else 0 end) = 1 then 'PD'
            when max(case when non_target = 'NON-CR/NON-PD' then 1 else 0 end) = 1 then 'NON-CR/NON-PD'
            when max(case when non_target = 'CR' then 1 else 0 end) = 1 then 'CR'
            else max(non_target)
        end as varchar) as non_target,
        cast(sum(n_present) as bigint) as n_present,
        cast(sum(n_new) as bigint) as n_new,
        cast(sum(n_new_equivocal) as bigint) as n_new_equivocal,
        cast(sum(n_treated) as bigint) as n_treated,
        cast(sum(n_local_progression) as bigint) as n_local_progression,
        cast(sum(n_treated_equivocal) as bigint) as n_treated_equivocal,
        cast(min(new_since_on) as date) as new_since_on,
        cast(min(new_site.new_sites) as varchar) as new_sites,
        cast('lesion' as varchar) as source_table,
        cast(min(source_key) as varchar) as source_key
    from measured
    left join new_site
        on measured.patient_id = new_site.patient_id and measured.matched_on = new_site.matched_on
    group by measured.patient_id, measured.matched_on
)
select * from final
