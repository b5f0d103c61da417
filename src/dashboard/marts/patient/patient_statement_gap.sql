-- One row per patient and thing that is not known besides ctDNA results and scans: imaging, planned draws and scans, tests,
-- dates, rulings.
with patient as (
    select
        summary.patient_id, summary.observed_until, coalesce(summary.is_line_ongoing, false) as is_line_ongoing,
        summary.is_followed, summary.last_draw_on, summary.pending_draw_on, summary.source_key,
        case
            when coalesce(summary.last_imaging_on, summary.last_scan_on) > coalesce(summary.last_scan_on, summary.last_imaging_on)
                then summary.last_imaging_on
            else coalesce(summary.last_scan_on, summary.last_imaging_on)
        end as last_imaging_on,
        coalesce(summary.first_local_on, first_line.started_on) as treated_on
    from patient_summary as summary
    left join line_of_therapy as first_line on summary.patient_id = first_line.patient_id and first_line.line = 1
),

molecular as (
    select state.patient_id, state.collected_on, level.source_table, level.source_key
    from ctdna_state as state
    inner join ctdna_level as level on state.sample_id = level.sample_id
    where state.is_molecular_progression
),

-- On treatment or under surveillance, since when: the patients of whom imaging is looked for (A33, number 6).
watched as (
    select patient_id, watched_since, date_diff('day', watched_since, observed_until) as days
    from reason_to_look_patient
    where watched_since is not null
),

-- What the protocol asks for: overdue and owed, else the last one that can no longer be had (A23).
planned as (
    select
        due.patient_id, due.kind, due.label, due.opens_on, due.closes_on, due.days_late, due.source_table, due.source_key,
        case when due.is_owed then 1 else 0 end as is_overdue,
        max(case when due.is_owed then 1 else 0 end) over (partition by due.patient_id, due.kind) as has_overdue,
        count(*) over (partition by due.patient_id, due.kind) as n_without,
        row_number() over (
            partition by due.patient_id, due.kind, case when due.is_owed then 1 else 0 end
            order by due.closes_on desc nulls last, due.window_key nulls last
        ) as from_last
    from follow_up as due
    where
        due.is_protocol and due.kind in ('ctdna', 'imaging')
        and (due.state = 'CANNOT_BE_OBTAINED' or (due.state = 'OVERDUE' and due.is_owed))
),

window_gap as (
    select * from planned
    where from_last = 1 and is_overdue = has_overdue
),

-- Draws that are due, overdue or to come on a known date.
draw_ahead as (
    select distinct patient_id from follow_up
    where kind = 'ctdna' and state in ('NOT_YET_DUE', 'DUE_NOW', 'CLOSES_SOON', 'OVERDUE')
),

-- Off treatment: the end of the last that was given, supportive drugs left out.
given as (
    select
        patient_id, max(case when is_ongoing then 1 else 0 end) as is_ongoing,
        max(coalesce(until_on, ended_on, started_on)) as last_on
    from treatment_episode
    where coalesce(drug_class, 'unknown') <> 'supportive' and coalesce(intent, 'unknown') <> 'supportive'
    group by patient_id
),

brain as (
    select
        scan.patient_id, max(case when coalesce(scan.is_cns_imaged, false) then 1 else 0 end) as is_imaged
    from usable_imaging as scan
    inner join patient on scan.patient_id = patient.patient_id
    where scan.imaged_on <= patient.observed_until
    group by scan.patient_id
),

seen_in_brain as (
    select distinct record.patient_id
    from usable_lesion as record
    inner join patient on record.patient_id = patient.patient_id
    where record.organ in ('brain', 'cns', 'meninges') and record.assessed_on <= patient.observed_until
),

her2 as (
    select
        patient_id, result, taken_on, row_key,
        row_number() over (partition by patient_id order by taken_on desc nulls last, row_key desc nulls last) as place
    from usable_pathology
    where test = 'her2'
),

-- A study that records the hepatitis B status has it missing where a patient has none.
asks_hbv as (
    select count(*) as n_answers from usable_characteristic where name = 'hbv_status'
),

hbv as (
    select patient_id from header_fact where kind = 'CHARACTERISTIC' and name = 'hbv_status' and code <> 'unknown'
),

-- What the protocol lets read in more than one way, where that decides on the patient (A31).
-- Two readings of one criterion may rest on the same row.
criterion_row as (
    select distinct patient_id, criterion, label, source_table, source_key
    from eligibility_criterion
    where is_in_force and result_in_force = 'NEEDS_RULING'
),

criterion_open as (
    select
        *, row_number() over (
            partition by patient_id, criterion
            order by source_table nulls last, source_key nulls last, label nulls last
        ) as reading_place
    from criterion_row
),

first_open as (
    select
        *, row_number() over (partition by patient_id order by criterion nulls last) as place
    from criterion_open
    where reading_place = 1
),

ruling as (
    select
        patient_id, count(*) as n, array_to_string(list_sort(list(criterion || ' ' || label)), '; ') as label,
        max(case when place = 1 then source_table end) as source_table,
        max(case when place = 1 then source_key end) as source_key
    from first_open
    group by patient_id
),

partial_date as (
    select patient_id, 'start of treatment' as label, 'treatment' as source_table, row_key
    from usable_treatment where started_on_precision in ('month', 'year')
    union all
    select patient_id, 'end of treatment', 'treatment', row_key
    from usable_treatment where ended_on_precision in ('month', 'year')
    union all
    select patient_id, 'blood draw', 'ctdna_sample', row_key
    from usable_ctdna_sample where collected_on_precision in ('month', 'year')
    union all
    select patient_id, 'imaging', 'imaging', row_key
    from usable_imaging where imaged_on_precision in ('month', 'year')
    union all
    select patient_id, 'response assessment', 'response', row_key
    from usable_response where assessed_on_precision in ('month', 'year')
    union all
    select patient_id, 'death', 'contact', row_key
    from usable_contact where died_on_precision in ('month', 'year')
),

partial as (
    select
        partial_date.*, count(*) over (partition by patient_id) as n,
        row_number() over (
            partition by patient_id order by source_table desc nulls last, row_key nulls last, label nulls last
        ) as place
    from partial_date
),

statement as (
    select
        patient.patient_id, 20 as place, 'NO_IMAGING_SINCE' as statement,
        case
            when patient.last_imaging_on is not null then 'NO_IMAGING_SINCE_CTDNA'
            when watched.days > study.imaging_overdue_days then 'NO_IMAGING_WATCHED'
            else 'NO_IMAGING'
        end as rule,
        case
            when patient.last_imaging_on is null then watched.watched_since else molecular.collected_on
        end as day_on,
        patient.last_imaging_on as other_on,
        case
            when patient.last_imaging_on is null then watched.days
            else date_diff('day', molecular.collected_on, patient.observed_until)
        end as days, cast(null as bigint) as n,
        cast(null as bigint) as n_of, cast(null as varchar) as label,
        coalesce(molecular.source_table, 'patient') as source_table,
        coalesce(molecular.source_key, patient.source_key) as source_key
    from patient
    cross join study
    left join molecular on patient.patient_id = molecular.patient_id
    left join watched on patient.patient_id = watched.patient_id
    where
        patient.last_imaging_on is null
        or (patient.is_followed and molecular.collected_on > patient.last_imaging_on)
    union all
    select
        patient.patient_id, 22, 'NO_IMAGING_SINCE',
        case when patient.is_line_ongoing then 'NO_IMAGING_FOR_DAYS' else 'NO_IMAGING_OFF_TREATMENT' end,
        patient.last_imaging_on, null,
        date_diff('day', patient.last_imaging_on, patient.observed_until), study.imaging_overdue_days, null, null,
        'patient', patient.source_key
    from patient
    cross join study
    left join molecular on patient.patient_id = molecular.patient_id
    left join window_gap
        on patient.patient_id = window_gap.patient_id and window_gap.kind = 'imaging' and window_gap.is_overdue = 1
    where
        patient.is_followed and window_gap.patient_id is null
        and date_diff('day', patient.last_imaging_on, patient.observed_until) > study.imaging_overdue_days
        and coalesce(molecular.collected_on <= patient.last_imaging_on, true)
    union all
    select
        window_gap.patient_id,
        case when window_gap.is_overdue = 1 then 24 else 60 end + case when window_gap.kind = 'imaging' then 0 else 1 end,
        case when window_gap.kind = 'ctdna' then 'DRAW_WINDOW' else 'SCAN_WINDOW' end,
        case when window_gap.kind = 'ctdna' then 'DRAW' else 'SCAN' end
        || case when window_gap.is_overdue = 1 then '_OVERDUE' else '_UNOBTAINABLE' end,
        window_gap.opens_on, window_gap.closes_on, window_gap.days_late, window_gap.n_without, null, window_gap.label,
        window_gap.source_table, window_gap.source_key
    from window_gap
    union all
    select
        patient.patient_id, 26, 'CTDNA_OLD', 'CTDNA_OLD', patient.last_draw_on, null,
        date_diff('day', patient.last_draw_on, patient.observed_until), null, null, null, 'patient', patient.source_key
    from patient
    cross join study
    left join draw_ahead on patient.patient_id = draw_ahead.patient_id
    where
        patient.is_followed and draw_ahead.patient_id is null and patient.pending_draw_on is null
        and date_diff('day', patient.last_draw_on, patient.observed_until) > study.imaging_overdue_days
    union all
    select
        patient.patient_id, 28, 'NO_TREATMENT_SINCE', 'NO_TREATMENT_SINCE', given.last_on, null,
        date_diff('day', given.last_on, patient.observed_until), null, null, null, 'patient', patient.source_key
    from patient
    inner join given on patient.patient_id = given.patient_id and given.is_ongoing = 0
    inner join patient_summary as summary on patient.patient_id = summary.patient_id
    cross join study
    where
        patient.is_followed and summary.current_line is not null and not patient.is_line_ongoing
        and date_diff('day', given.last_on, patient.observed_until) > study.no_next_step_days
    union all
    select
        patient.patient_id, 40, 'CNS_NOT_IMAGED', 'CNS_NOT_IMAGED', null, null, null, null, null, null, 'patient',
        patient.source_key
    from patient
    inner join brain on patient.patient_id = brain.patient_id and brain.is_imaged = 0
    left join seen_in_brain on patient.patient_id = seen_in_brain.patient_id
    where seen_in_brain.patient_id is null
    union all
    select
        patient_id, 41, 'SITES_MISSING', case when name = 'sites' then 'SITES_MISSING' else 'OTHER_SITES_MISSING' end,
        null, null, null, null, null, null, source_table, source_key
    from header_fact where kind = 'MISSING' and name in ('sites', 'other_sites')
    union all
    select
        patient_id, 42, 'HER2_ISH_MISSING', 'HER2_ISH_MISSING', taken_on, null, null, null, null, null, 'pathology', row_key
    from her2 where place = 1 and result = '2+ ISH missing'
    union all
    select
        patient.patient_id, 44, 'HBV_MISSING', 'HBV_MISSING', null, null, null, null, null, null, 'patient',
        patient.source_key
    from patient
    inner join asks_hbv on asks_hbv.n_answers > 0
    left join hbv on patient.patient_id = hbv.patient_id
    where hbv.patient_id is null
    union all
    select
        patient_id, 46, 'ELIGIBILITY_RULING', 'ELIGIBILITY_RULING', null, null, null, n, null, label,
        coalesce(source_table, 'patient'), coalesce(source_key, patient_id)
    from ruling
    union all
    select
        patient_id, 72, 'PARTIAL_DATES', case when n > 1 then 'PARTIAL_DATES' else 'PARTIAL_DATE' end,
        null, null, null, n, null, label, source_table, row_key
    from partial where place = 1
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(statement as varchar) as statement,
        cast(place as integer) as place,
        cast(rule as varchar) as rule,
        cast(day_on as date) as day_on,
        cast(other_on as date) as other_on,
        cast(days as integer) as days,
        cast(n as bigint) as n,
        cast(n_of as bigint) as n_of,
        cast(label as varchar) as label,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from statement
)

select * from final
