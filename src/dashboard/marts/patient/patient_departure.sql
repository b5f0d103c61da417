-- One row per patient and way of leaving the study, as of the last day that may be read: why nothing more is expected of
-- them and what goes on is not known any more (A23, A33).
with patient as (
    select patient_id, enrolled_on, observed_until from usable_patient
),

alive as (
    select patient_id, max(occurred_on) as last_seen_on from milestone_patient where kind = 'known_alive' group by patient_id
),

-- On a day nobody recorded: it dates nothing, but what goes on since is not known. Who enrolled after a screening failure
-- was screened again; of one without a day that is taken to be so.
told as (
    select
        disposition.patient_id, disposition.happened_on, alive.last_seen_on,
        coalesce(disposition.happened_on, patient.observed_until) as left_on,
        case disposition.kind
            when 'withdrawal_of_consent' then 'WITHDREW' when 'lost_to_follow_up' then 'LOST'
            when 'transfer' then 'TRANSFERRED' when 'left_study' then 'LEFT_STUDY' when 'completed' then 'COMPLETED'
            when 'screen_failure' then 'FAILED_SCREENING'
        end as reason
    from usable_disposition as disposition
    inner join patient on disposition.patient_id = patient.patient_id
    left join alive on disposition.patient_id = alive.patient_id
    where
        coalesce(disposition.happened_on, patient.observed_until) <= patient.observed_until
        and (
            disposition.kind <> 'screen_failure' or patient.enrolled_on is null
            or disposition.happened_on >= patient.enrolled_on
        )
),

-- Seen again after a loss or a transfer: care goes on here. A contact after the end of the study brings nobody back into it.
departure as (
    select patient_id, reason, happened_on, left_on
    from told
    where
        reason is not null
        and (reason not in ('LOST', 'TRANSFERRED') or coalesce(happened_on >= last_seen_on, true))
    union all
    select patient_id, 'DIED', occurred_on, occurred_on from milestone_patient where kind = 'death'
),

-- The order in which one of several stands for the patient.
ranked as (
    select
        patient_id, reason, min(happened_on) as happened_on, min(left_on) as left_on,
        case reason
            when 'DIED' then 1 when 'WITHDREW' then 2 when 'LOST' then 3 when 'TRANSFERRED' then 4
            when 'LEFT_STUDY' then 5 when 'COMPLETED' then 6 else 7
        end as weight
    from departure
    group by patient_id, reason
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(reason as varchar) as reason,
        cast(happened_on as date) as happened_on,
        cast(left_on as date) as left_on,
        cast(row_number() over (partition by patient_id order by weight nulls last) as integer) as place
    from ranked
)

select * from final
