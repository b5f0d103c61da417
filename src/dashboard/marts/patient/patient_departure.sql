-- One row per patient: the days from which the study no longer follows them, as of the last day that may be read.
with patient as (
    select patient_id, observed_until from usable_patient
),

alive as (
    select patient_id, max(occurred_on) as last_seen_on from milestone where kind = 'known_alive' group by patient_id
),

withdrawal as (
    select patient_id, min(occurred_on) as withdrew_on from milestone where kind = 'withdrawal' group by patient_id
),

-- Not one after which the patient was seen again.
lost as (
    select loss.patient_id, min(loss.occurred_on) as lost_on
    from milestone as loss
    left join alive on loss.patient_id = alive.patient_id
    where loss.kind = 'lost_to_follow_up' and loss.occurred_on >= coalesce(alive.last_seen_on, loss.occurred_on)
    group by loss.patient_id
),

-- Not of a patient who came back into what is recorded: a record after the transfer shows that care goes on here.
transfer as (
    select disposition.patient_id, max(disposition.happened_on) as transferred_on
    from usable_disposition as disposition
    inner join patient on disposition.patient_id = patient.patient_id
    left join alive on disposition.patient_id = alive.patient_id
    where
        disposition.kind = 'transfer' and disposition.happened_on <= patient.observed_until
        and disposition.happened_on >= coalesce(alive.last_seen_on, disposition.happened_on)
    group by disposition.patient_id
),

-- On a day nobody recorded: it dates nothing, but what goes on since is not known.
undated as (
    select distinct patient_id
    from usable_disposition
    where kind in ('withdrawal_of_consent', 'lost_to_follow_up', 'transfer') and happened_on is null
),

final as (
    select
        cast(patient.patient_id as varchar) as patient_id,
        cast(withdrawal.withdrew_on as date) as withdrew_on,
        cast(lost.lost_on as date) as lost_on,
        cast(transfer.transferred_on as date) as transferred_on,
        cast(undated.patient_id is not null as boolean) as is_gone_undated
    from patient
    left join withdrawal on patient.patient_id = withdrawal.patient_id
    left join lost on patient.patient_id = lost.patient_id
    left join transfer on patient.patient_id = transfer.patient_id
    left join undated on patient.patient_id = undated.patient_id
)

select * from final
