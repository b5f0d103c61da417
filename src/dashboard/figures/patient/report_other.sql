-- One row per treatment of the patient outside the lines: adjuvant and other systemic courses, local treatments of a
-- day by kind; the first first.
select
    episode.kind, episode.intent, episode.label, episode.modality, episode.started_on,
    max(episode.ended_on) as ended_on, max(episode.stop_reason) as stop_reason,
    bool_or(coalesce(episode.is_ongoing, false)) as is_ongoing, count(distinct episode.lesion_id) as n_lesions,
    string_agg(distinct replace(coalesce(lesion.location, lesion.organ, episode.organ), '_', ' '), ', ') as places
from treatment_episode as episode
left join header_lesion as lesion
    on episode.patient_id = lesion.patient_id and episode.treatment_id = lesion.treatment_id
where
    episode.patient_id = $patient_id and episode.part_of is null
    and (
        episode.kind in ('radiotherapy', 'ablation', 'surgery')
        or (episode.kind = 'systemic' and episode.line is null and coalesce(episode.drug_class, '') <> 'supportive')
    )
group by episode.kind, episode.intent, episode.label, episode.modality, episode.started_on
order by episode.started_on, episode.kind, episode.label
