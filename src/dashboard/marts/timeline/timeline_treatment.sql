-- One row per mark of treatment: a bar, a line, a follow-up of a locally treated lesion, the days after a local
-- treatment on which a draw is unreliable, or the last day of which anything is known.
with local_treatment as (
    select
        patient_id, treatment_id, lesion_id, kind, started_on, ended_on,
        lead(started_on) over (
            partition by patient_id, lesion_id order by started_on nulls last, treatment_id nulls last
        ) as next_started_on
    from treatment_episode
    where kind in ('radiotherapy', 'ablation', 'surgery') and lesion_id is not null
),
-- The zone of an ablation is followed from the first CT in the study's days after it (clinical-decisions A5).
reference as (
    select
        treated.treatment_id, lesion.row_key,
        row_number() over (
            partition by treated.patient_id, treated.treatment_id
            order by lesion.assessed_on nulls last, lesion.row_key nulls last
        ) as place
    from local_treatment as treated
    cross join study
    inner join usable_lesion as lesion
        on treated.patient_id = lesion.patient_id and treated.lesion_id = lesion.lesion_id
    where
        treated.kind = 'ablation' and lesion.role = 'treated'
        and (lesion.diameter_mm is not null or lesion.state = 'absent')
        and lesion.assessed_on > treated.started_on
        and date_diff('day', treated.ended_on, lesion.assessed_on)
            between study.ablation_reference_from_day and study.ablation_reference_to_day
        and (treated.next_started_on is null or lesion.assessed_on <= treated.next_started_on)
),
-- A lesion may be measured under another role, for instance as a new one, before it is treated.
measured_before as (
    select
        lesion.row_key,
        row_number() over (
            partition by treated.patient_id, treated.treatment_id
            order by lesion.assessed_on desc nulls last, lesion.row_key nulls last
        ) as place
    from local_treatment as treated
    inner join usable_lesion as lesion
        on treated.patient_id = lesion.patient_id and treated.lesion_id = lesion.lesion_id
    where lesion.assessed_on <= treated.started_on and lesion.diameter_mm > 0
),
-- A treated lesion may be measured under another role later too; what is counted in the target sum stands there.
measured_after as (
    select lesion.row_key
    from usable_lesion as lesion
    inner join treated_lesion as treated
        on
            lesion.patient_id = treated.patient_id and lesion.lesion_id = treated.lesion_id
            and lesion.assessed_on > treated.treated_on
    left join target_measurement as target
        on lesion.patient_id = target.patient_id and lesion.row_key = target.source_key and target.is_counted
    where target.source_key is null and (lesion.diameter_mm is not null or lesion.state = 'absent')
),
lesion_shown as (
    select row_key from usable_lesion where role = 'treated' or state = 'controlled'
    union
    select row_key from measured_before where place = 1
    union
    select row_key from measured_after
),
event as (
    select
        episode.patient_id,
        case when kind in ('radiotherapy', 'ablation', 'surgery') then 'LOCAL' else 'TREATMENT' end as panel,
        upper(kind) as kind, 'treatment ' || treatment_id as event_key, started_on as occurred_on,
        coalesce(until_on, ended_on) as ended_on, is_ongoing, episode.line,
        case when intent in ('adjuvant', 'neoadjuvant') then label || ' (' || intent || ')' else label end as label,
        start_reason as code, stop_reason as detail,
        cast(total_dose_gy as decimal(28, 12)) as value_sum,
        case when total_dose_gy is not null then 1 end as value_n, part_of, modality, dose_level, lesion_id,
        organ, fractions, end_basis, cast(null as varchar) as reference_of,
        case when episode.kind = 'systemic' and episode.part_of is null then accompanying.drugs end as accompanied_by,
        episode.source_table, episode.source_key
    from treatment_episode as episode
    left join accompanying_drug as accompanying
        on episode.patient_id = accompanying.patient_id and episode.line = accompanying.line
    union all
    select
        patient_id, 'MARK', 'LINE', 'line ' || cast(line as varchar), started_on, next_started_on, is_ongoing,
        line, regimen, start_reason, stop_reason, null, null, null, null, null, null, null, null, null, null, null,
        source_table, source_key
    from line_of_therapy
    union all
    select
        patient_id, 'MARK', 'UNRELIABLE', 'unreliable ' || treatment_id, coalesce(ended_on, started_on),
        coalesce(ended_on, started_on) + cast(
            case when kind = 'surgery' then study.surgery_unreliable_days else study.ablation_unreliable_days end as integer
        ),
        null, null, label, upper(kind), null, null, null, null, modality, null, lesion_id, null, null,
        null, null, null, source_table, source_key
    from treatment_episode
    cross join study
    where kind in ('surgery', 'ablation') or (kind = 'radiotherapy' and coalesce(modality, 'sbrt') = 'sbrt')
    union all
    -- What the treating team says of a treated lesion (clinical-decisions A5); nothing is calculated from its diameter.
    select
        lesion.patient_id, 'LOCAL', 'LESION', 'lesion ' || lesion.row_key, lesion.assessed_on, null, null, null,
        lesion.lesion_id,
        case
            when lesion.role = 'treated' or lesion.state in ('controlled', 'absent')
                then upper(coalesce(lesion.state, 'measured'))
            else 'MEASURED'
        end,
        lesion.basis, cast(lesion.diameter_mm * 10 as decimal(28, 12)),
        case when lesion.diameter_mm is not null then 10 end, null, null, null, lesion.lesion_id,
        coalesce(lesion.location, lesion.organ), null, null, 'treatment ' || reference.treatment_id, null, 'lesion',
        lesion.row_key
    from usable_lesion as lesion
    inner join lesion_shown on lesion.row_key = lesion_shown.row_key
    left join reference on lesion.row_key = reference.row_key and reference.place = 1
    union all
    -- A treatment that goes on is certain up to here only (clinical-decisions C).
    select
        patient_id, 'MARK', 'LAST_KNOWN', 'last_known', occurred_on, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, null, null, null,
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
        cast(event.end_basis as varchar) as end_basis,
        cast(event.reference_of as varchar) as reference_of,
        cast(event.accompanied_by as varchar) as accompanied_by,
        cast(event.source_table as varchar) as source_table,
        cast(event.source_key as varchar) as source_key
    from event
    inner join usable_patient as patient on event.patient_id = patient.patient_id
    where event.occurred_on <= patient.observed_until
)
select * from final
