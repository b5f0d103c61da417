-- One row per patient and kind of item with the first day from which nothing of that kind is expected, and why (A23).
with patient as (
    select
        usable_patient.patient_id, usable_patient.observed_until, usable_patient.enrolled_on,
        summary.is_type_followed, summary.last_seen_on
    from usable_patient
    inner join patient_summary as summary on usable_patient.patient_id = summary.patient_id
),

-- A draw, a scan or a contact needs the patient; a record can be completed as long as the consent stands.
item_kind as (
    select 'ctdna' as kind, 1 as needs_patient
    union all select 'imaging', 1
    union all select 'contact', 1
    union all select 'record', 0
),

event as (
    select patient_id, 'DIED' as reason, 1 as needs_patient, 1 as precedence, occurred_on as happened_on, occurred_on as off_on
    from milestone where kind = 'death'
    union all
    select
        disposition.patient_id,
        case disposition.kind
            when 'withdrawal_of_consent' then 'WITHDREW' when 'transfer' then 'TRANSFERRED'
            when 'lost_to_follow_up' then 'LOST' when 'completed' then 'COMPLETED' else 'LEFT_STUDY'
        end,
        case when disposition.kind = 'withdrawal_of_consent' then 0 else 1 end,
        case disposition.kind when 'withdrawal_of_consent' then 0 when 'lost_to_follow_up' then 3 else 2 end,
        disposition.happened_on, coalesce(disposition.happened_on, patient.observed_until)
    from usable_disposition as disposition
    inner join patient on disposition.patient_id = patient.patient_id
    where
        disposition.kind in ('withdrawal_of_consent', 'transfer', 'completed', 'left_study')
        -- Seen again after the loss: not lost.
        or (
            disposition.kind = 'lost_to_follow_up'
            and coalesce(patient.last_seen_on <= disposition.happened_on, true)
        )
),

off_event as (
    select event.patient_id, item_kind.kind, event.reason, event.precedence, event.happened_on, event.off_on
    from event
    inner join item_kind on event.needs_patient = 0 or item_kind.needs_patient = 1
    union all
    select
        patient_id, 'ctdna', 'DECLINED_CTDNA', 4, happened_on, coalesce(happened_on, cast('1900-01-01' as date))
    from usable_disposition where kind = 'ctdna_declined'
    union all
    select patient_id, 'ctdna', 'NOT_TRACKED', 5, enrolled_on, cast('1900-01-01' as date)
    from patient where not is_type_followed
),

in_order as (
    select
        off_event.*,
        row_number() over (
            partition by off_event.patient_id, off_event.kind
            order by off_event.off_on nulls last, off_event.precedence nulls last, off_event.reason nulls last
        ) as place
    from off_event
    inner join patient on off_event.patient_id = patient.patient_id
    where off_event.off_on <= patient.observed_until
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(kind as varchar) as kind,
        cast(reason as varchar) as reason,
        cast(happened_on as date) as happened_on,
        cast(off_on as date) as off_on
    from in_order
    where place = 1
)

select * from final
