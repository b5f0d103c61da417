-- One row per mark of the plan: a window with what became of it, or a draw or scan that was done.
with patient as (
    select patient_id, site_id, tumour_type, enrolled_on, observed_until, row_key from usable_patient
),
scan_source as (
    select
        imaging.patient_id, imaging.imaged_on as occurred_on, 'imaging' as source_table, imaging.row_key as source_key
    from usable_imaging as imaging
    inner join patient on imaging.patient_id = patient.patient_id
    where imaging.imaged_on <= patient.observed_until
    union all
    select patient_id, assessed_on, source_table, source_key
    from overall_response where coalesce(basis, 'imaging') = 'imaging'
),
scan_place as (
    select
        scan_source.*,
        row_number() over (
            partition by patient_id, occurred_on order by source_table nulls last, source_key nulls last
        ) as place
    from scan_source
),
taken as (
    select patient_id, 'ctdna' as kind, collected_on as occurred_on, source_table, source_key
    from ctdna_level where draw_no is not null
    union all
    select patient_id, 'imaging', occurred_on, source_table, source_key from scan_place where place = 1
),
taken_in_window as (
    select
        expected.patient_id, expected.window_key, taken.kind, taken.occurred_on, taken.source_key,
        row_number() over (
            partition by expected.patient_id, expected.window_key
            order by taken.occurred_on nulls last, taken.source_key nulls last
        ) as place
    from planned_window as expected
    inner join taken on expected.patient_id = taken.patient_id and expected.kind = taken.kind
    where taken.occurred_on between expected.opens_on and expected.closes_on
),
planned_taken as (
    select distinct patient_id, kind, source_key from taken_in_window
),
-- A single item done outside its window (A23): the nearest draw or scan that fulfils nothing else.
outside_pair as (
    select
        expected.patient_id, expected.window_key, taken.kind, taken.occurred_on, taken.source_key,
        case
            when taken.occurred_on < expected.opens_on then date_diff('day', taken.occurred_on, expected.opens_on)
            else date_diff('day', expected.closes_on, taken.occurred_on)
        end as distance_days
    from planned_window as expected
    inner join taken on expected.patient_id = taken.patient_id and expected.kind = taken.kind
    left join planned_taken as used
        on taken.patient_id = used.patient_id and taken.kind = used.kind and taken.source_key = used.source_key
    left join taken_in_window as done
        on expected.patient_id = done.patient_id and expected.window_key = done.window_key
    where expected.repeat_days is null and used.source_key is null and done.window_key is null
),
outside_of_taken as (
    select
        outside_pair.*,
        row_number() over (
            partition by patient_id, kind, source_key order by distance_days nulls last, window_key nulls last
        ) as window_place
    from outside_pair
),
done_outside as (
    select
        outside_of_taken.*,
        row_number() over (
            partition by patient_id, window_key
            order by distance_days nulls last, occurred_on nulls last, source_key nulls last
        ) as place
    from outside_of_taken
    where window_place = 1
),
stated_window as (
    select
        expected.*, coalesce(done.occurred_on, outside.occurred_on) as fulfilled_on,
        coalesce(done.source_key, outside.source_key) as fulfilled_key,
        case
            when done.window_key is not null then 'DONE'
            when outside.window_key is not null then 'DONE_OUTSIDE'
            when expected.observed_until < expected.opens_on then 'UPCOMING'
            when coalesce(expected.off_on, expected.observed_until) <= expected.closes_on
                and expected.off_on is not null then 'NOT_EXPECTED'
            when expected.next_anchor_on <= expected.closes_on then 'NOT_EXPECTED'
            -- The study asks for nothing before enrolment; what was done then is shown.
            when expected.closes_on < expected.enrolled_on then 'NOT_EXPECTED'
            when expected.observed_until <= expected.closes_on + cast(expected.grace_days as integer) then 'OPEN'
            else 'MISSED'
        end as state
    from planned_window as expected
    left join taken_in_window as done
        on
            expected.patient_id = done.patient_id and expected.window_key = done.window_key and done.place = 1
    left join done_outside as outside
        on
            expected.patient_id = outside.patient_id and expected.window_key = outside.window_key
            and outside.place = 1
),
event as (
    select
        patient_id, 'PLANNED' as panel,
        case when kind = 'ctdna' then 'DRAW_WINDOW' else 'SCAN_WINDOW' end as kind, window_key as event_key,
        opens_on as occurred_on, closes_on as ended_on, cast(null as boolean) as is_ongoing,
        cast(null as integer) as line, label, state as code, fulfilled_key as detail,
        cast(null as decimal(28, 12)) as value_sum, cast(null as bigint) as value_n, 'patient' as source_table,
        cast(null as varchar) as source_key
    from stated_window
    union all
    select
        taken.patient_id, 'PLANNED', case when taken.kind = 'ctdna' then 'DRAW' else 'SCAN' end,
        'taken ' || taken.kind || ' ' || taken.source_key, taken.occurred_on, null, null, null, null,
        case when planned_taken.source_key is null then 'OUTSIDE_WINDOW' else 'IN_WINDOW' end, null, null, null,
        taken.source_table, taken.source_key
    from taken
    left join planned_taken
        on
            taken.patient_id = planned_taken.patient_id and taken.kind = planned_taken.kind
            and taken.source_key = planned_taken.source_key
),
final as (
    select
        cast(event.patient_id as varchar) as patient_id,
        cast(event.panel as varchar) as panel,
        cast(event.kind as varchar) as kind,
        cast(event.event_key as varchar) as event_key,
        cast(event.occurred_on as date) as occurred_on,
        cast(event.ended_on as date) as ended_on,
        cast(event.is_ongoing as boolean) as is_ongoing,
        cast(event.line as integer) as line,
        cast(event.label as varchar) as label,
        cast(event.code as varchar) as code,
        cast(event.detail as varchar) as detail,
        cast(event.value_sum as decimal(28, 12)) as value_sum,
        cast(event.value_n as bigint) as value_n,
        cast(event.source_table as varchar) as source_table,
        cast(event.source_key as varchar) as source_key
    from event
    inner join usable_patient as patient on event.patient_id = patient.patient_id
    where event.occurred_on <= patient.observed_until or event.kind in ('DRAW_WINDOW', 'SCAN_WINDOW')
)
select * from final
