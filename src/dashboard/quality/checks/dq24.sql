-- One row per systemic treatment with a drug the list of drugs does not know, or whose drug text could not be read.
select
    course_drug.source_table as table_name,
    course_drug.source_key as row_key,
    'agents' as column_name,
    course_drug.patient_id,
    string_agg(distinct course_drug.agent, ', ' order by course_drug.agent) as value_text
from course_drug
where course_drug.drug_class is null
group by course_drug.source_table, course_drug.source_key, course_drug.patient_id
