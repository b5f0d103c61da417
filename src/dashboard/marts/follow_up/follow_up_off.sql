-- One row per patient and kind of item with the first day from which nothing of that kind is expected, and why (A23).
with patient as (
    select
        usable_patient.patient_id, usable_patient.observed_until, usable_patient.enrolled_on, summary.is_type_followed
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

-- A death or a withdrawal of consent explains what other ways of leaving on the same day do not.
event as (
    select
        patient_id, reason, happened_on, left_on as off_on,
        case when reason = 'WITHDREW' then 0 else 1 end as needs_patient,
        case reason when 'WITHDREW' then 0 when 'DIED' then 1 when 'LOST' then 3 else 2 end as precedence
    from patient_departure
    -- Of who failed screening nothing is planned.
    where reason <> 'FAILED_SCREENING'
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
