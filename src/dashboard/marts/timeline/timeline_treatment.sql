-- One row per mark of treatment: a bar, a line, a follow-up of a locally treated lesion, the days after a local
-- treatment on which a draw is unreliable, or the last day of which anything is known.
with event as (
    select
        patient_id,
        case when kind in ('radiotherapy', 'ablation', 'surgery') then 'LOCAL' else 'TREATMENT' end as panel,
        upper(kind) as kind, 'treatment ' || treatment_id as event_key, started_on as occurred_on, ended_on,
        is_ongoing, line,
        case when intent in ('adjuvant', 'neoadjuvant') then label || ' (' || intent || ')' else label end as label,
        start_reason as code, stop_reason as detail,
        cast(total_dose_gy as decimal(28, 12)) as value_sum,
        case when total_dose_gy is not null then 1 end as value_n, part_of, modality, dose_level, lesion_id,
        organ, fractions, source_table, source_key
    from treatment_episode
    union all
    select
        patient_id, 'MARK', 'LINE', 'line ' || cast(line as varchar), started_on, next_started_on, is_ongoing,
        line, regimen, start_reason, stop_reason, null, null, null, null, null, null, null, null, source_table,
        source_key
    from line_of_therapy
    union all
    select
        patient_id, 'MARK', 'UNRELIABLE', 'unreliable ' || treatment_id, coalesce(ended_on, started_on),
        coalesce(ended_on, started_on) + cast(
            case when kind = 'surgery' then study.surgery_unreliable_days else study.ablation_unreliable_days end as integer
        ),
        null, null, label, upper(kind), null, null, null, null, modality, null, lesion_id, null, null,
        source_table, source_key
    from treatment_episode
    cross join study
    where kind in ('surgery', 'ablation') or (kind = 'radiotherapy' and coalesce(modality, 'sbrt') = 'sbrt')
    union all
    -- What the treating team says of a treated lesion (clinical-decisions A5); nothing is calculated from its diameter.
    select
        patient_id, 'LOCAL', 'LESION', 'lesion ' || row_key, assessed_on, null, null, null, lesion_id,
        upper(coalesce(state, 'measured')), basis, cast(diameter_mm * 10 as decimal(28, 12)),
        case when diameter_mm is not null then 10 end, null, null, null, lesion_id, coalesce(location, organ), null,
        'lesion', row_key
    from usable_lesion where role = 'treated'
    union all
    -- A treatment that goes on is certain up to here only (clinical-decisions C).
    select
        patient_id, 'MARK', 'LAST_KNOWN', 'last_known', occurred_on, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null,
        case source_table when 'enrolment' then 'patient' else source_table end, source_key
    from milestone where kind = 'known_alive'
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
        cast(event.part_of as varchar) as part_of,
        cast(event.modality as varchar) as modality,
        cast(event.dose_level as integer) as dose_level,
        cast(event.lesion_id as varchar) as lesion_id,
        cast(event.organ as varchar) as organ,
        cast(event.fractions as integer) as fractions,
        cast(event.source_table as varchar) as source_table,
        cast(event.source_key as varchar) as source_key
    from event
    inner join usable_patient as patient on event.patient_id = patient.patient_id
    where event.occurred_on <= patient.observed_until
)
select * from final
