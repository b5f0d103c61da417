-- One row per patient, kind and occurrence of a dated fact about the patient: enrolment, contact, death.
with patient as (
    select * from usable_patient
),

-- Every date on which a canonical table shows the patient alive; known_alive_source says which tables count.
seen_alive as (
    select patient_id, contact_on as seen_on, 'contact' as source_table, row_key
    from usable_contact where vital_status = 'alive'
    union all
    select patient_id, visit_on, 'visit', row_key from usable_visit where coalesce(has_occurred, true)
    union all
    select patient_id, imaged_on, 'imaging', row_key from usable_imaging
    union all
    select patient_id, assessed_on, 'response', row_key from usable_response
    union all
    select patient_id, collected_on, 'ctdna_sample', row_key from usable_ctdna_sample where status <> 'not_done'
    union all
    select patient_id, measured_on, 'measurement', row_key from usable_measurement
    union all
    select patient_id, started_on, 'treatment', row_key from usable_treatment
    union all
    select patient_id, ended_on, 'treatment', row_key from usable_treatment
    union all
    select patient_id, started_on, 'adverse_event', row_key from usable_adverse_event
    union all
    select patient_id, ended_on, 'adverse_event', row_key from usable_adverse_event
    union all
    select patient_id, enrolled_on, 'enrolment', row_key from usable_patient
),

death as (
    select patient_id, coalesce(died_on, contact_on) as died_on, death_cause, row_key
    from usable_contact
    where vital_status = 'dead'
),

first_death as (
    select death.patient_id, min(death.died_on) as died_on
    from death
    inner join patient on death.patient_id = patient.patient_id
    where death.died_on <= patient.observed_until
    group by death.patient_id
),

seen_alive_counted as (
    select seen_alive.*
    from seen_alive
    inner join known_alive_source on seen_alive.source_table = known_alive_source.source_table
    inner join patient on seen_alive.patient_id = patient.patient_id
    left join first_death on seen_alive.patient_id = first_death.patient_id
    where
        seen_alive.seen_on <= patient.observed_until
        and (first_death.died_on is null or seen_alive.seen_on <= first_death.died_on)
),

last_seen as (
    select
        patient_id,
        seen_on,
        source_table,
        row_key,
        row_number() over (
            partition by patient_id
            order by seen_on desc nulls last, source_table nulls last, row_key nulls last
        ) as place
    from seen_alive_counted
),

known_alive as (
    select * from last_seen where place = 1
),

visit_in_order as (
    select
        visit.patient_id,
        visit.visit_on,
        visit.row_key,
        lead(visit.visit_on) over (
            partition by visit.patient_id order by visit.visit_on nulls last, visit.row_key nulls last
        ) as next_visit_on,
        patient.observed_until
    from usable_visit as visit
    inner join patient on visit.patient_id = patient.patient_id
    where coalesce(visit.has_occurred, true) and visit.visit_on <= patient.observed_until
),

occurrence as (
    select
        patient_id,
        cast('enrolment' as varchar) as kind,
        enrolled_on as occurred_on,
        cast(null as integer) as line,
        cast(null as varchar) as lesion_id,
        cast(null as varchar) as detail,
        cast(null as date) as free_until,
        cast('patient' as varchar) as source_table,
        row_key as source_key
    from patient
    union all
    select patient_id, 'consent', consented_on, null, null, null, null, 'patient', row_key from patient
    union all
    select patient_id, 'randomisation', randomised_on, null, null, null, null, 'patient', row_key from patient
    union all
    select patient_id, 'metastatic_diagnosis', metastatic_on, null, null, null, null, 'patient', row_key from patient
    union all
    select patient_id, 'oligometastatic_diagnosis', oligometastatic_on, null, null, null, null, 'patient', row_key
    from patient
    union all
    select patient_id, 'death', died_on, null, null, death_cause, null, 'contact', row_key from death
    union all
    select patient_id, 'known_alive', seen_on, null, null, source_table, null, source_table, row_key from known_alive
    union all
    select visit_in_order.patient_id, 'visit_gap', visit_in_order.visit_on, null, null, null, null, 'visit', row_key
    from visit_in_order
    cross join study
    where
        date_diff(
            'day', visit_in_order.visit_on, coalesce(visit_in_order.next_visit_on, visit_in_order.observed_until)
        ) > study.visit_gap_days
    union all
    select patient_id, name, recorded_on, null, null, null, null, 'characteristic', row_key
    from usable_characteristic where name in ('last_abstraction', 'last_activity')
    union all
    select patient_id, 'withdrawal', happened_on, null, null, reason, null, 'disposition', row_key
    from usable_disposition where kind = 'withdrawal_of_consent'
    union all
    select patient_id, 'lost_to_follow_up', happened_on, null, null, reason, null, 'disposition', row_key
    from usable_disposition where kind = 'lost_to_follow_up'
    union all
    select patient_id, 'systemic_status_known', contact_on, null, null, 'contact', null, 'contact', row_key
    from usable_contact where is_treatment_reviewed and vital_status <> 'dead'
    union all
    select patient_id, 'systemic_status_known', visit_on, null, null, 'visit', null, 'visit', row_key
    from usable_visit where is_treatment_reviewed and coalesce(has_occurred, true)
),

final as (
    select
        cast(occurrence.patient_id as varchar) as patient_id,
        cast(occurrence.kind as varchar) as kind,
        cast(occurrence.occurred_on as date) as occurred_on,
        cast(occurrence.line as integer) as line,
        cast(occurrence.lesion_id as varchar) as lesion_id,
        cast(occurrence.detail as varchar) as detail,
        cast(occurrence.free_until as date) as free_until,
        cast(occurrence.source_table as varchar) as source_table,
        cast(occurrence.source_key as varchar) as source_key
    from occurrence
    inner join patient on occurrence.patient_id = patient.patient_id
    where occurrence.occurred_on is not null and occurrence.occurred_on <= patient.observed_until
)

select * from final
