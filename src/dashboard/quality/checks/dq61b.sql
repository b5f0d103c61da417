-- One row per radiotherapy whose biologically effective dose lies above the range of the protocol.
select
    episode.source_table as table_name,
    episode.source_key as row_key,
    'total_dose_gy' as column_name,
    episode.patient_id,
    'BED10 ' || cast(cast(episode.bed10_gy as decimal(10, 1)) as varchar) || ' Gy, protocol '
    || cast(study.bed_from_gy as varchar) || ' to ' || cast(study.bed_to_gy as varchar) || ' Gy' as value_text
from treatment_episode as episode
cross join study
where
    episode.kind = 'radiotherapy'
    and episode.bed10_gy > study.bed_to_gy
