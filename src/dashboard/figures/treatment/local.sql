-- One row per session of local treatment of the cohort that treated metastatic disease, with its course and lesion.
with cohort as (
    select
        patient_id,
        -- Of a date known to the month or year the first possible day counts.
        date_trunc(
            case when metastatic_on_precision in ('month', 'year') then metastatic_on_precision else 'day' end,
            metastatic_on
        ) as metastatic_from
    from usable_patient
    where enrolled_on is not null /* and cohort */
),

-- Courses of a study of oligometastases begin with them; elsewhere treatment of the primary tumour is left out.
session as (
    select
        cohort.patient_id, local_course.course, episode.kind, episode.modality, episode.lesion_id, episode.organ,
        episode.started_on, episode.total_dose_gy, episode.fractions, episode.dose_per_fraction_gy,
        episode.bed10_centigray, episode.source_key,
        coalesce(patient.oligometastatic_on is not null or episode.started_on >= cohort.metastatic_from, true)
            as is_metastatic
    from cohort
    inner join usable_patient as patient on cohort.patient_id = patient.patient_id
    inner join local_course on cohort.patient_id = local_course.patient_id
    inner join treatment_episode as episode
        on local_course.patient_id = episode.patient_id
        and episode.started_on between local_course.started_on and local_course.ended_on
    where
        episode.kind in ('radiotherapy', 'ablation', 'surgery')
        and coalesce(episode.intent, 'unknown') not in ('adjuvant', 'neoadjuvant')
),

state as (
    select
        session.patient_id, session.lesion_id, finding.state,
        row_number() over (
            partition by session.patient_id, session.lesion_id
            order by finding.assessed_on desc nulls last, finding.source_key desc nulls last
        ) as place
    from (select distinct patient_id, lesion_id from session where lesion_id is not null) as session
    inner join lesion_finding as finding
        on session.patient_id = finding.patient_id and session.lesion_id = finding.lesion_id
    where finding.role = 'treated' and finding.is_evaluated
),

final as (
    select session.*, state.state as last_state
    from session
    left join state
        on session.patient_id = state.patient_id and session.lesion_id = state.lesion_id and state.place = 1
)

select * from final order by patient_id, started_on, source_key
