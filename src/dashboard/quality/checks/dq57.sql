-- One row per enrolled patient whose first line lacks the drug class the study is about.
select
    line.source_table as table_name,
    line.source_key as row_key,
    'agents' as column_name,
    line.patient_id,
    coalesce(line.agents, line.regimen, 'drugs not recorded') as value_text
from line_of_therapy as line
inner join study on study.key_class is not null
inner join patient on line.patient_id = patient.patient_id and patient.enrolled_on is not null
where line.line = 1 and line.class_started_on is null
