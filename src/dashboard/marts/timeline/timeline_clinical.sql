-- One row per mark of the clinical panels: a tumour marker, an ECOG performance status, a severe or serious adverse event.
with patient as (
    select patient_id, site_id, tumour_type, enrolled_on, observed_until, row_key from usable_patient
),
-- Markers by tumour type (clinical-decisions A17), the usual one first.
marker_choice as (
    select 'colorectal' as tumour_type, 'cea' as name, 1 as choice
    union all select 'colorectal', 'ca_19_9', 2
    union all select 'lung', 'cea', 1
    union all select 'lung', 'cyfra_21_1', 2
    union all select 'breast', 'ca_15_3', 1
    union all select 'breast', 'cea', 2
    union all select 'gastric', 'cea', 1
    union all select 'gastric', 'ca_19_9', 2
    union all select 'pancreatic', 'ca_19_9', 1
    union all select 'liver', 'afp', 1
    union all select 'liver', 'pivka_ii', 2
    union all select 'ovarian', 'ca_125', 1
    union all select 'prostate', 'psa', 1
),
marker as (
    select
        measured.patient_id, measured.name, measured.measured_on, measured.value, measured.unit,
        measured.comparator, measured.upper_normal, measured.row_key, coalesce(marker_choice.choice, 9) as choice
    from usable_measurement as measured
    inner join patient on measured.patient_id = patient.patient_id
    left join marker_choice
        on patient.tumour_type = marker_choice.tumour_type and measured.name = marker_choice.name
    where
        measured.value is not null
        and measured.name in (
            'cea', 'ca_15_3', 'ca_19_9', 'ca_125', 'afp', 'pivka_ii', 'cyfra_21_1', 'psa'
        )
),
named_marker as (
    select distinct patient_id, name, choice from marker
),
-- The first is the main marker; the second is drawn too where it is a marker of the tumour type.
ranked_marker as (
    select
        patient_id, name, choice,
        row_number() over (partition by patient_id order by choice nulls last, name nulls last) as place
    from named_marker
),
event as (
    select
        marker.patient_id, 'MARKER' as panel,
        case
            when ranked_marker.place = 1 then 'MARKER'
            when ranked_marker.place = 2 and ranked_marker.choice < 9 then 'SECOND_MARKER'
            else 'OTHER_MARKER'
        end as kind,
        'marker ' || marker.row_key as event_key, marker.measured_on as occurred_on,
        cast(null as date) as ended_on, cast(null as boolean) as is_ongoing, cast(null as integer) as line,
        marker.name as label, coalesce(marker.comparator, '=') as code, marker.unit as detail,
        cast(marker.value as decimal(28, 12)) as value_sum, 1 as value_n, marker.upper_normal,
        cast(null as integer) as grade, 'measurement' as source_table, marker.row_key as source_key
    from marker
    left join ranked_marker on marker.patient_id = ranked_marker.patient_id and marker.name = ranked_marker.name
    union all
    select
        patient_id, 'ECOG', 'ECOG', 'ecog ' || row_key, measured_on, null, null, null, null,
        -- The scale has whole numbers from 0 to 5 only; anything else is a data issue, not a mark.
        case value when 0 then '0' when 1 then '1' when 2 then '2' when 3 then '3' when 4 then '4' when 5 then '5' end,
        null, cast(value as decimal(28, 12)), 1, null, null, 'measurement', row_key
    from usable_measurement where name = 'ecog' and value in (0, 1, 2, 3, 4, 5)
    union all
    select
        patient_id, 'ADVERSE_EVENT',
        case when coalesce(is_serious, false) then 'SERIOUS_EVENT' else 'EVENT' end,
        'adverse_event ' || event_id, started_on, ended_on, null, null, term, serious_criterion, relatedness,
        null, null, null, grade, 'adverse_event', row_key
    from usable_adverse_event
    where started_on is not null and (grade >= 3 or coalesce(is_serious, false))
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
        cast(event.upper_normal as decimal(18, 4)) as upper_normal,
        cast(event.grade as integer) as grade,
        cast(event.source_table as varchar) as source_table,
        cast(event.source_key as varchar) as source_key
    from event
    inner join usable_patient as patient on event.patient_id = patient.patient_id
    where event.occurred_on <= patient.observed_until
)
select * from final
