-- One row per patient with breast cancer: resistance to endocrine therapy before the drugs the study follows.
with oestrogen_receptor as (
    select
        patient_id, value_percent,
        row_number() over (
            partition by patient_id order by taken_on desc nulls last, row_key desc nulls last
        ) as place
    from usable_pathology
    where test = 'er' and value_percent is not null
),
-- A tumour without oestrogen receptors (under 1 %, ASCO/CAP 2020) has no endocrine sensitivity to speak of.
patient as (
    select
        patient.patient_id, patient.metastatic_on, patient.row_key,
        coalesce(patient.metastatic_on_precision, 'day') as relapse_precision
    from usable_patient as patient
    left join oestrogen_receptor as receptor on patient.patient_id = receptor.patient_id and receptor.place = 1
    where patient.tumour_type = 'breast' and coalesce(receptor.value_percent, 100) >= 1
),
-- Only what happened before the first dose of the study's key class is judged: a progression on the studied drugs is
-- an outcome, no characteristic. A study without a key class judges all.
reference as (
    select patient.patient_id, min(line_of_therapy.class_started_on) as class_started_on
    from patient
    left join line_of_therapy on patient.patient_id = line_of_therapy.patient_id
    group by patient.patient_id
),
listed as (
    select distinct lower(agents) as agents from usable_treatment where agents is not null
),
endocrine_agents as (
    select distinct listed.agents
    from listed
    inner join drug_class on ' + ' || listed.agents || ' + ' like '% + ' || drug_class.agent || ' + %'
    where drug_class.drug_class = 'endocrine'
),
adjuvant_course as (
    select
        treatment.patient_id, treatment.started_on, treatment.agents, treatment.row_key, treatment.regimen,
        case
            when coalesce(treatment.started_on_precision, 'day') <> 'day' then 1
            when coalesce(treatment.ended_on_precision, 'day') <> 'day' then 1
            else 0
        end as n_partial,
        -- Stopped for the relapse counts as relapse on the drug.
        case when treatment.stop_reason = 'progression' then 1 else 0 end as n_stopped_by_relapse,
        case when treatment.ended_on is null and not coalesce(treatment.is_ongoing, true) then 1 else 0 end
            as n_end_missing,
        case
            when treatment.ended_on is not null then treatment.ended_on
            when coalesce(treatment.is_ongoing, true) then patient.metastatic_on
        end as ended_on,
        row_number() over (
            partition by treatment.patient_id
            order by treatment.started_on desc nulls last, treatment.row_key desc nulls last
        ) as place
    from usable_treatment as treatment
    inner join patient on treatment.patient_id = patient.patient_id
    inner join endocrine_agents on lower(treatment.agents) = endocrine_agents.agents
    where
        treatment.kind = 'systemic' and treatment.part_of is null and treatment.intent = 'adjuvant'
        and (patient.metastatic_on is null or treatment.started_on <= patient.metastatic_on)
),
adjuvant as (
    select
        patient_id, min(started_on) as started_on, max(ended_on) as ended_on,
        max(n_end_missing) as n_end_missing, max(n_stopped_by_relapse) as n_stopped_by_relapse,
        max(case when n_stopped_by_relapse = 1 then ended_on end) as stopped_by_relapse_on,
        max(n_partial) as n_partial, max(case when place = 1 then coalesce(regimen, agents) end) as regimen,
        max(case when place = 1 then row_key end) as row_key
    from adjuvant_course
    group by patient_id
),
-- The first line with an endocrine drug, as far as it began before the key class.
endocrine_line as (
    select
        line_of_therapy.patient_id, line_of_therapy.line, line_of_therapy.started_on, line_of_therapy.progressed_on,
        line_of_therapy.source_key,
        row_number() over (
            partition by line_of_therapy.patient_id order by line_of_therapy.line nulls last
        ) as place
    from line_of_therapy
    inner join reference on line_of_therapy.patient_id = reference.patient_id
    inner join treatment_episode as episode
        on line_of_therapy.patient_id = episode.patient_id and line_of_therapy.line = episode.line
    inner join endocrine_agents on lower(episode.agents) = endocrine_agents.agents
    where
        episode.kind = 'systemic'
        and (reference.class_started_on is null or line_of_therapy.started_on < reference.class_started_on)
),
fact as (
    select
        patient.patient_id, patient.metastatic_on, patient.row_key, patient.relapse_precision,
        -- A drug stopped for the relapse dates it where the metastases came later.
        case
            when adjuvant.stopped_by_relapse_on < patient.metastatic_on then adjuvant.stopped_by_relapse_on
            else patient.metastatic_on
        end as relapsed_on,
        reference.class_started_on as judged_until, adjuvant.started_on as adjuvant_started_on,
        adjuvant.ended_on as adjuvant_ended_on, adjuvant.regimen as adjuvant_regimen,
        adjuvant.row_key as adjuvant_key, coalesce(adjuvant.n_end_missing, 0) = 1 as is_end_missing,
        coalesce(adjuvant.n_partial, 0) = 1 or patient.relapse_precision <> 'day' as is_approximate,
        patient.metastatic_on <= adjuvant.ended_on or adjuvant.n_stopped_by_relapse = 1 as is_relapse_on_drug,
        line.line as endocrine_line, line.started_on as line_started_on, line.source_key as line_key,
        case
            when reference.class_started_on is null or line.progressed_on <= reference.class_started_on
                then line.progressed_on
        end as progressed_on
    from patient
    inner join reference on patient.patient_id = reference.patient_id
    left join adjuvant on patient.patient_id = adjuvant.patient_id
    left join endocrine_line as line on patient.patient_id = line.patient_id and line.place = 1
),
-- clinical-decisions A14.3, first match wins, in calendar months: relapse on adjuvant therapy up to 2 years from its
-- start, or progression before 6 months of first-line therapy; then relapse on it later or up to 12 months after its
-- end, or progression from 6 months on.
ruled as (
    select
        *,
        case
            when is_relapse_on_drug and relapsed_on <= add_months(adjuvant_started_on, 24)
                then 'ENDOCRINE_RELAPSE_WITHIN_2_YEARS'
            when progressed_on < add_months(line_started_on, 6) then 'ENDOCRINE_PROGRESSION_BEFORE_6_MONTHS'
            when is_relapse_on_drug then 'ENDOCRINE_RELAPSE_AFTER_2_YEARS'
            when relapsed_on <= add_months(adjuvant_ended_on, 12) then 'ENDOCRINE_RELAPSE_WITHIN_12_MONTHS'
            when progressed_on >= add_months(line_started_on, 6) then 'ENDOCRINE_PROGRESSION_FROM_6_MONTHS'
            when adjuvant_started_on is not null and relapsed_on is null then 'ENDOCRINE_NO_RELAPSE_DATE'
            when adjuvant_started_on is not null and is_end_missing then 'ENDOCRINE_NO_END_DATE'
            when adjuvant_started_on is not null then 'ENDOCRINE_LATE_RELAPSE'
            when endocrine_line is not null then 'ENDOCRINE_NO_PROGRESSION'
            else 'ENDOCRINE_NAIVE'
        end as rule
    from fact
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(
            case
                when rule in ('ENDOCRINE_RELAPSE_WITHIN_2_YEARS', 'ENDOCRINE_PROGRESSION_BEFORE_6_MONTHS')
                    then 'PRIMARY_RESISTANCE'
                when
                    rule in (
                        'ENDOCRINE_RELAPSE_AFTER_2_YEARS', 'ENDOCRINE_RELAPSE_WITHIN_12_MONTHS',
                        'ENDOCRINE_PROGRESSION_FROM_6_MONTHS'
                    )
                    then 'SECONDARY_RESISTANCE'
                when rule in ('ENDOCRINE_NO_RELAPSE_DATE', 'ENDOCRINE_NO_END_DATE') then 'UNKNOWN'
                else 'SENSITIVE_OR_NAIVE'
            end as varchar
        ) as sensitivity,
        cast(relapsed_on as date) as relapsed_on,
        cast(adjuvant_regimen as varchar) as adjuvant_regimen,
        cast(adjuvant_started_on as date) as adjuvant_started_on,
        cast(case when not is_relapse_on_drug then adjuvant_ended_on end as date) as adjuvant_ended_on,
        cast(is_relapse_on_drug as boolean) as is_relapse_on_drug,
        cast(
            12 * (year(relapsed_on) - year(adjuvant_started_on)) + month(relapsed_on) - month(adjuvant_started_on)
            - case when day(relapsed_on) < day(adjuvant_started_on) then 1 else 0 end as integer
        ) as months_from_start,
        cast(
            case
                when not is_relapse_on_drug
                    then
                        12 * (year(relapsed_on) - year(adjuvant_ended_on)) + month(relapsed_on)
                        - month(adjuvant_ended_on)
                        - case when day(relapsed_on) < day(adjuvant_ended_on) then 1 else 0 end
            end as integer
        ) as months_after_end,
        cast(endocrine_line as integer) as endocrine_line,
        cast(line_started_on as date) as line_started_on,
        cast(progressed_on as date) as progressed_on,
        cast(
            12 * (year(progressed_on) - year(line_started_on)) + month(progressed_on) - month(line_started_on)
            - case when day(progressed_on) < day(line_started_on) then 1 else 0 end as integer
        ) as months_on_line,
        cast(judged_until as date) as judged_until,
        cast(is_approximate as boolean) as is_approximate,
        cast(rule as varchar) as rule,
        cast(case when adjuvant_key is null and line_key is null then 'patient' else 'treatment' end as varchar)
            as source_table,
        cast(coalesce(adjuvant_key, line_key, row_key) as varchar) as source_key
    from ruled
)
select * from final
