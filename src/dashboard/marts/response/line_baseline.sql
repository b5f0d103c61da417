-- One row per patient and line with its baseline assessment (line 0: from the first local treatment).
with lines as (
    select patient_id, line, started_on, next_started_on from line_of_therapy
    union all
    -- Without any recorded treatment the randomisation, else the enrolment, starts line 1.
    select p.patient_id, 1, coalesce(p.randomised_on, p.enrolled_on), cast(null as date)
    from usable_patient as p
    cross join study as s
    left join line_of_therapy as l on p.patient_id = l.patient_id
    where s.index_origin = 'line' and l.patient_id is null
        and coalesce(p.randomised_on, p.enrolled_on) <= p.observed_until
    union all
    select c.patient_id, 0, c.started_on, min(l.started_on)
    from local_course as c
    cross join study as s
    left join line_of_therapy as l on c.patient_id = l.patient_id and l.started_on > c.started_on
    where s.index_origin = 'local_therapy' and c.course = 1
    group by c.patient_id, c.started_on
),
reported as (
    select
        r.patient_id, r.assessed_on, r.overall, r.target, coalesce(r.basis, 'imaging') as basis,
        r.sum_of_diameters_mm, r.row_key
    from usable_response as r
    inner join usable_patient as p on r.patient_id = p.patient_id
    cross join study as s
    where r.assessed_on <= p.observed_until
        and (s.response_assessor is null or r.assessor = s.response_assessor)
),
measured as (
    select patient_id, assessed_on, sum_tenth_mm, n_measured as n_targets, coalesce(n_left > 0, sum_tenth_mm > 0) as has_target
    from target_sum where sum_tenth_mm is not null
),
-- A lesion measured or seen, an evaluable response, or an examination that shows the body.
adequate as (
    select
        l.patient_id, coalesce(d.assessed_on, l.assessed_on) as assessed_on, 'lesion' as source_table,
        l.row_key as source_key
    from usable_lesion as l
    inner join usable_patient as p on l.patient_id = p.patient_id
    left join target_measurement as d on l.patient_id = d.patient_id and l.row_key = d.source_key
    where l.assessed_on <= p.observed_until and coalesce(l.state, 'measured') <> 'not_assessed'
        and (l.diameter_mm is not null or coalesce(l.state, 'measured') <> 'measured')
    union all
    select patient_id, assessed_on, 'response', row_key from reported
    where basis = 'imaging' and (overall <> 'ne' or sum_of_diameters_mm is not null)
    union all
    select i.patient_id, i.imaged_on, 'imaging', i.row_key from usable_imaging as i
    inner join usable_patient as p on i.patient_id = p.patient_id
    where i.imaged_on <= p.observed_until and i.modality in ('ct', 'mri', 'pet_ct')
),
sources as (
    select
        patient_id, assessed_on, source_table, source_key,
        row_number() over (
            partition by patient_id, assessed_on
            order by source_table desc nulls last, source_key nulls last
        ) as place
    from adequate
),
bounds as (
    select
        l.patient_id, l.line, l.started_on, l.next_started_on,
        l.started_on + s.scan_baseline_from_day as from_on, l.started_on + s.scan_baseline_to_day as to_on,
        lag(l.started_on) over (partition by l.patient_id order by l.started_on nulls last, l.line nulls last)
            + s.scan_baseline_from_day as previous_from_on
    from lines as l
    cross join study as s
),
chosen as (
    select
        b.patient_id, b.line, b.started_on, b.next_started_on,
        max(case when a.assessed_on >= b.from_on then a.assessed_on end) as own_on,
        max(a.assessed_on) as last_on,
        max(case when m.assessed_on >= b.from_on then m.assessed_on end) as own_measured_on,
        max(m.assessed_on) as last_measured_on
    from bounds as b
    left join adequate as a on b.patient_id = a.patient_id and a.assessed_on <= b.to_on
        and (a.assessed_on >= b.from_on or a.assessed_on >= b.previous_from_on)
    left join measured as m on a.patient_id = m.patient_id and a.assessed_on = m.assessed_on
    group by b.patient_id, b.line, b.started_on, b.next_started_on
),
baselines as (
    select
        *, coalesce(own_on, last_on) as baseline_on,
        case when own_on is not null then own_measured_on else last_measured_on end as measured_on,
        case when own_on is not null then 'OWN' when last_on is not null then 'BORROWED' else 'NONE' end
            as kind
    from chosen
),
-- Without lesions a reported target response shows measurable disease, NON-CR/NON-PD shows none.
shown as (
    select
        b.patient_id, b.line,
        max(case when r.target is not null and r.target <> 'ne' then 1 else 0 end) as n_target,
        max(case when r.overall = 'non_cr_non_pd' then 1 else 0 end) as n_non_target
    from baselines as b
    inner join reported as r on b.patient_id = r.patient_id and r.assessed_on > b.started_on
        and (b.next_started_on is null or r.assessed_on <= b.next_started_on)
    group by b.patient_id, b.line
),
lesions_at_baseline as (
    select b.patient_id, b.line, count(*) as n
    from baselines as b
    inner join usable_lesion as l on b.patient_id = l.patient_id and l.assessed_on = b.baseline_on
    group by b.patient_id, b.line
),
final as (
    select
        cast(b.patient_id as varchar) as patient_id,
        cast(b.line as integer) as line,
        cast(b.started_on as date) as started_on,
        cast(b.next_started_on as date) as next_started_on,
        cast(b.baseline_on as date) as baseline_on,
        cast(b.kind as varchar) as kind,
        cast(b.measured_on as date) as measured_on,
        -- The day it is named by: that of its sum, where a later examination has none.
        cast(coalesce(b.measured_on, b.baseline_on) as date) as named_on,
        cast(m.sum_tenth_mm as bigint) as sum_tenth_mm,
        cast(m.n_targets as integer) as n_targets,
        cast(m.has_target as boolean) as has_target,
        cast(case
            when m.has_target then true
            when n.n > 0 or s.n_non_target = 1 then false
            when s.n_target = 1 then true
        end as boolean) as is_measurable,
        cast('BASELINE_' || b.kind as varchar) as rule,
        cast(c.source_table as varchar) as source_table,
        cast(c.source_key as varchar) as source_key
    from baselines as b
    left join measured as m on b.patient_id = m.patient_id and b.measured_on = m.assessed_on
    left join sources as c
        on b.patient_id = c.patient_id and b.baseline_on = c.assessed_on and c.place = 1
    left join shown as s on b.patient_id = s.patient_id and b.line = s.line
    left join lesions_at_baseline as n on b.patient_id = n.patient_id and b.line = n.line
)
select * from final
