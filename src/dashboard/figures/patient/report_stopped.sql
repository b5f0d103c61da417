-- One row per stop for toxicity of the patient: drugs whose line went on with others, or a whole line; the first first.
select line, drugs, stopped_on, went_on_with
from stopped_drug
where patient_id = $patient_id
union all
select line, replace(regimen, ' | ', '; then '), ended_on, null
from line_of_therapy
where patient_id = $patient_id and stop_reason = 'toxicity' and ended_on is not null
order by stopped_on, line
