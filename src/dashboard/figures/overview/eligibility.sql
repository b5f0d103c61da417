-- One row per criterion and reading: enrolled patients by result, and how many the readings judge differently. The four
-- results add up to the enrolled; a patient the PI ruled about stands apart, eligible or not (clinical-decisions A31).
with enrolled as (
    select patient_id from patient_summary where enrolled_on is not null
),
judged as (
    select
        eligibility_criterion.*,
        min(is_met) over of_patient <> max(is_met) over of_patient or bool_or(result = 'NEEDS_RULING') over of_patient
            as is_decided_by_ruling
    from eligibility_criterion
    inner join enrolled on eligibility_criterion.patient_id = enrolled.patient_id
    window of_patient as (partition by eligibility_criterion.patient_id, eligibility_criterion.criterion)
),
eligible as (
    select eligibility.question, eligibility.reading, count(*) filter (eligibility.verdict = 'ELIGIBLE') as n_eligible
    from eligibility
    inner join enrolled on eligibility.patient_id = enrolled.patient_id
    group by eligibility.question, eligibility.reading
)
select
    judged.criterion_no,
    judged.criterion,
    judged.label,
    coalesce(judged.question, '') as question,
    judged.reading,
    judged.is_in_force,
    count(*) as n,
    count(*) filter (judged.is_met and judged.result <> 'RULED') as n_met,
    count(*) filter (not judged.is_met and judged.result <> 'RULED') as n_failed,
    count(*) filter (judged.is_met is null) as n_open,
    count(*) filter (judged.result = 'RULED') as n_ruled,
    count(*) filter (judged.is_decided_by_ruling and judged.result <> 'RULED') as n_decided,
    count(*) filter (judged.result_in_force = 'FAIL') as n_failed_in_force,
    count(*) filter (judged.result_in_force = 'NEEDS_RULING') as n_needs_ruling,
    count(*) filter (judged.result_in_force = 'UNKNOWN') as n_unknown,
    count(*) filter (judged.is_contradicted) as n_contradicted,
    max(eligible.n_eligible) as n_eligible
from judged
left join eligible on judged.question = eligible.question and judged.reading = eligible.reading
group by all
order by judged.criterion_no, judged.criterion, judged.reading
