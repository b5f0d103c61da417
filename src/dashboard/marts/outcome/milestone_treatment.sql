-- One row per patient, kind and occurrence of a dated fact about treatment: lines, doses, local treatment.
with patient as (
    select * from usable_patient
),

last_seen as (
    select patient_id, max(occurred_on) as last_seen_on
    from milestone_patient
    where kind = 'known_alive'
    group by patient_id
),

first_death as (
    select patient_id, min(occurred_on) as died_on from milestone_patient where kind = 'death' group by patient_id
),

line as (
    select line_of_therapy.*, patient.enrolled_on, last_seen.last_seen_on, first_death.died_on
    from line_of_therapy
    inner join patient on line_of_therapy.patient_id = patient.patient_id
    left join last_seen on line_of_therapy.patient_id = last_seen.patient_id
    left join first_death on line_of_therapy.patient_id = first_death.patient_id
),

-- The index line: the last one started by enrolment plus grace, else the first after.
index_candidate as (
    select
        line.patient_id,
        line.line,
        line.started_on,
        line.drug_class,
        line.source_key,
        row_number() over (
            partition by line.patient_id
            order by
                case when line.started_on <= line.enrolled_on + study.index_grace_days then 0 else 1 end nulls last,
                case
                    when line.started_on <= line.enrolled_on + study.index_grace_days then -line.line
                    else line.line
                end nulls last
        ) as place
    from line
    cross join study
    where line.enrolled_on is not null
),

-- A line has been discontinued when another follows, the patient died, or nothing was given for long enough.
discontinued as (
    select line.*
    from line
    cross join study
    where
        line.last_dose_on is not null
        and (
            line.next_started_on is not null
            or line.died_on is not null
            or date_diff('day', line.last_dose_on, line.last_seen_on) >= study.discontinuation_gap_days
        )
        and (not coalesce(line.is_ongoing, false) or line.next_started_on is not null or line.died_on is not null)
),

occurrence as (
    select
        patient_id,
        cast('line_start' as varchar) as kind,
        started_on as occurred_on,
        line,
        cast(null as varchar) as lesion_id,
        drug_class as detail,
        cast(null as date) as free_until,
        source_table,
        source_key
    from line
    union all
    select patient_id, 'class_start', class_started_on, line, null, drug_class, null, source_table, source_key
    from line
    union all
    -- Maintenance with the class after chemotherapy is no first line of the class unless the study says so (A14.2).
    select patient_id, 'class_start_without_induction', class_started_on, line, null, drug_class, null, source_table,
        source_key
    from line where not coalesce(is_induction_maintenance, false)
    union all
    select patient_id, 'index_treatment_start', started_on, line, null, drug_class, null, 'treatment', source_key
    from index_candidate where place = 1
    union all
    -- An open course is known to go on until the patient was last seen, not until the data cut.
    select patient_id, 'on_treatment',
        case when ended_on is null and last_seen_on < last_dose_on then last_seen_on else last_dose_on end,
        line, null, null, null, source_table, source_key
    from line
    union all
    select patient_id, 'line_discontinued', last_dose_on, line, null, stop_reason, null, source_table, source_key
    from discontinued
    union all
    -- At once every end on record, death and the next line included, however short the time since (sensitivity). A stop
    -- on an unknown day has none: its last dose is only known to be no earlier than the first.
    select patient_id, 'line_stopped', ended_on, line, null, stop_reason, null, source_table, source_key
    from line where ended_on is not null
    union all
    select patient_id, 'toxicity_stop', last_dose_on, line, null, stop_reason, null, source_table, source_key
    from discontinued where stop_reason = 'toxicity'
    union all
    select patient_id, 'systemic_start', started_on, line, null, drug_class, null, source_table, source_key
    from treatment_episode
    where
        kind = 'systemic'
        and part_of is null
        and coalesce(drug_class, 'unknown') <> 'supportive'
        and coalesce(intent, 'unknown') <> 'supportive'
    union all
    select patient_id, 'local_treatment_start', started_on, line, lesion_id, kind, null, source_table, source_key
    from treatment_episode where kind in ('radiotherapy', 'ablation', 'surgery')
    union all
    select patient_id, 'local_treatment_end', coalesce(ended_on, started_on), line, lesion_id, kind, null,
        source_table, source_key
    from treatment_episode where kind in ('radiotherapy', 'ablation', 'surgery')
    union all
    select patient_id, 'local_course_start', started_on, course, null, group_code, null, source_table, source_key
    from local_course
    union all
    select patient_id, 'local_course_end', ended_on, course, null, group_code, null, source_table, source_key
    from local_course
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
