-- One row per patient and line of therapy: its drugs in the order they were given, what was called at the scans after its
-- baseline, and since when nothing is known of it while it goes on.
with progression as (
    select patient_id, line, min(occurred_on) as progressed_on
    from milestone
    where kind in ('radiological_progression', 'clinical_progression')
    group by patient_id, line
),
baseline as (
    select patient_id, line, baseline_on from line_baseline where line > 0
),
-- After local treatment the baseline scan of a line may have a status of its own (clinical-decisions A5).
assessment as (
    select m.patient_id, m.line, max(m.occurred_on) as assessed_on
    from milestone as m
    left join baseline as b on m.patient_id = b.patient_id and m.line = b.line
    where m.kind = 'adequate_assessment' and (b.baseline_on is null or m.occurred_on > b.baseline_on)
    group by m.patient_id, m.line
),
-- Every response to the line counts for its patient, of several assessors the study's (overall_response.response).
scan as (
    select
        o.patient_id, o.line, o.assessed_on, o.response, coalesce(o.first_called_on, o.assessed_on) as called_on
    from overall_response as o
    left join baseline as b on o.patient_id = b.patient_id and o.line = b.line
    where o.basis = 'imaging' and (b.baseline_on is null or o.assessed_on > b.baseline_on)
),
response as (
    select patient_id, line, response, count(distinct assessed_on) as n, min(assessed_on) as first_on
    from scan
    where response is not null
    group by patient_id, line, response
),
scanned as (
    select
        patient_id, line, count(distinct case when response is not null then assessed_on end) as n_called,
        min(case when response = 'PD' then called_on end) as called_on
    from scan
    group by patient_id, line
),
carried as (
    select patient_id, line, count(*) as n_pd
    from overall_response
    where response = 'PD'
    group by patient_id, line
),
given as (
    select patient_id, line, label, min(started_on) as started_on
    from treatment_episode
    where kind = 'systemic' and line is not null and part_of is null and label is not null
    group by patient_id, line, label
),
together as (
    select patient_id, line, started_on, array_to_string(list_sort(list(label)), ' + ') as labels
    from given
    group by patient_id, line, started_on
),
-- Both sorted by the first day of each, which is then taken off.
in_order as (
    select
        patient_id, line,
        ' | ' || array_to_string(list_sort(list(cast(started_on as varchar) || ' ' || labels)), ' | ') as dated
    from together
    group by patient_id, line
),
called as (
    select
        patient_id, line,
        ', ' || array_to_string(
            list_sort(list(cast(first_on as varchar) || ' ' || cast(n as varchar) || ' ' || response)), ', '
        ) as dated
    from response
    group by patient_id, line
),
final as (
    select
        cast(l.patient_id as varchar) as patient_id,
        cast(l.line as integer) as line,
        cast(
            coalesce(
                substring(regexp_replace(g.dated, ' [|] [0-9]{4}-[0-9]{2}-[0-9]{2} ', ' | ', 'g'), 4), l.regimen
            ) as varchar
        ) as given_in_order,
        cast(p.progressed_on as date) as progressed_on,
        cast(a.assessed_on as date) as assessed_on,
        cast(coalesce(c.n_pd, 0) as bigint) as n_pd,
        cast(substring(regexp_replace(d.dated, ', [0-9]{4}-[0-9]{2}-[0-9]{2} ', ', ', 'g'), 3) as varchar) as called,
        cast(coalesce(s.n_called, 0) as bigint) as n_called,
        cast(s.called_on as date) as called_on,
        -- Imaging nobody has assessed is no reason to say that there was no scan.
        cast(
            case
                when s.line is null and (k.last_imaging_on is null or k.last_imaging_on <= b.baseline_on)
                    then b.baseline_on
            end as date
        ) as only_baseline_on,
        cast(
            coalesce(l.is_ongoing, false) and coalesce(k.vital_status, '') not in ('dead', 'withdrawn', 'lost')
            as boolean
        ) as may_follow,
        cast(
            case
                when
                    l.is_ongoing and k.died_on is null
                    and (
                        k.withdrew_on is not null
                        or date_diff('day', k.last_seen_on, k.observed_until)
                        > study.contact_stale_on_treatment_days
                    )
                    then k.last_seen_on
            end as date
        ) as last_record_on,
        cast('treatment' as varchar) as source_table,
        cast(l.source_key as varchar) as source_key
    from line_of_therapy as l
    inner join patient_summary as k on l.patient_id = k.patient_id
    cross join study
    left join in_order as g on l.patient_id = g.patient_id and l.line = g.line
    left join progression as p on l.patient_id = p.patient_id and l.line = p.line
    left join assessment as a on l.patient_id = a.patient_id and l.line = a.line
    left join carried as c on l.patient_id = c.patient_id and l.line = c.line
    left join baseline as b on l.patient_id = b.patient_id and l.line = b.line
    left join called as d on l.patient_id = d.patient_id and l.line = d.line
    left join scanned as s on l.patient_id = s.patient_id and l.line = s.line
)
select * from final
