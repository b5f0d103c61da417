-- One row per session of local treatment of the cohort, with its course, its lesion and what it treated.
with cohort as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),

session as (
    select
        given.patient_id, given.course, given.kind, given.modality, given.lesion_id, given.organ, given.started_on,
        given.total_dose_gy, given.fractions, given.dose_per_fraction_gy, given.bed10_centigray, given.source_key,
        given.is_metastatic
    from cohort
    inner join local_session as given on cohort.patient_id = given.patient_id
    where given.started_on is not null
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
