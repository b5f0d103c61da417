-- One row per free text that holds a personal number (masked at loading), a form of address with a name, or a record number.
-- The text itself is not repeated.
with free_text as (
    select 'imaging' as table_name, row_key, 'conclusion' as column_name, patient_id, conclusion as said from "imaging"
    union all
    select 'response', row_key, 'as_written', patient_id, as_written from "response"
    union all
    select 'response', row_key, 'progression_site', patient_id, progression_site from "response"
    union all
    select 'disposition', row_key, 'reason', patient_id, reason from "disposition"
    union all
    select 'attestation', row_key, 'note', patient_id, note from "attestation"
    union all
    select 'contact', row_key, 'death_cause_as_written', patient_id, death_cause_as_written from "contact"
    union all
    select 'treatment', row_key, 'stop_reason_as_written', patient_id, stop_reason_as_written from "treatment"
    union all
    select 'adverse_event', row_key, 'term_as_written', patient_id, term_as_written from "adverse_event"
    union all
    select 'lesion', row_key, 'location', patient_id, location from "lesion"
    union all
    select 'pathology', row_key, 'result_as_written', patient_id, result_as_written from "pathology"
)

select
    table_name,
    row_key,
    column_name,
    patient_id,
    case when said like '%[masked]%' then 'a personal number, masked' else 'what looks like a name or record number' end
        as value_text
from free_text
where
    said like '%[masked]%'
    or regexp_matches(said, '\b(Mr|Mrs|Ms|Mdm)\.? +[A-Z][a-z]')
    or regexp_matches(said, '\b([Bb]à|[Ôô]ng|[Cc]hị|BN|[Hh]ọ tên):? +\p{Lu}\p{Ll}+ +\p{Lu}')
    or regexp_matches(said, '(姓名|患者姓名|身份证|住院号|病案号)[:：]')
    or regexp_matches(said, '\b(MRN|[Hh]ospital (no|number)|[Mm]ã bệnh án|[Ss]ố hồ sơ)[.:# ]+[A-Za-z]*\d')
