-- One row per patient and reading set: what is in force, and for each open question each of its readings.
with reading_set as (
    select '' as question, '' as reading
    union
    select question, reading from criterion where question is not null and reading <> ''
),
chosen as (
    select
        s.question, s.reading, e.patient_id, e.criterion, e.criterion_no, e.label, e.result, e.is_met
    from eligibility_criterion as e
    cross join reading_set as s
    where case
        when coalesce(e.question, '') = s.question and s.question <> '' and e.reading <> '' then e.reading = s.reading
        else e.is_in_force
    end
),
-- One answer per criterion: all readings chosen agree, or the PI decides.
counted as (
    select
        patient_id, question, reading, criterion, criterion_no, min(label) as label, count(*) as n,
        cast(sum(case when is_met then 1 else 0 end) as bigint) as n_met,
        cast(sum(case when not is_met then 1 else 0 end) as bigint) as n_failed,
        cast(sum(case when result = 'NEEDS_RULING' then 1 else 0 end) as bigint) as n_waiting,
        max(case when result = 'RULED' then 1 else 0 end) as is_ruled
    from chosen
    group by patient_id, question, reading, criterion, criterion_no
),
answered as (
    select
        *,
        case
            when n_met = n then 'PASS'
            when n_failed = n then 'FAIL'
            when n_waiting > 0 or (n_met > 0 and n_failed > 0) then 'NEEDS_RULING'
            else 'UNKNOWN'
        end as answer
    from counted
),
placed as (
    select
        *,
        row_number() over (
            partition by patient_id, question, reading, answer order by criterion_no nulls last, criterion nulls last
        ) as place
    from answered
),
summed as (
    select
        patient_id, question, reading, count(*) as n_criteria,
        -- What a ruling decides is neither met nor failed by the record: it is counted apart (clinical-decisions A31).
        cast(sum(case when answer = 'PASS' and is_ruled = 0 then 1 else 0 end) as bigint) as n_met,
        cast(sum(case when answer = 'FAIL' and is_ruled = 0 then 1 else 0 end) as bigint) as n_failed,
        cast(sum(case when answer = 'NEEDS_RULING' and is_ruled = 0 then 1 else 0 end) as bigint) as n_needs_ruling,
        cast(sum(case when answer = 'UNKNOWN' and is_ruled = 0 then 1 else 0 end) as bigint) as n_unknown,
        cast(sum(is_ruled) as bigint) as n_ruled,
        max(case when answer = 'FAIL' and place = 1 then criterion end) as first_failed,
        max(case when answer = 'FAIL' and place = 1 then label end) as first_failed_label,
        max(case when answer = 'NEEDS_RULING' and place = 1 then criterion end) as first_needs_ruling,
        max(case when answer = 'UNKNOWN' and place = 1 then criterion end) as first_unknown
    from placed
    group by patient_id, question, reading
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(question as varchar) as question,
        cast(reading as varchar) as reading,
        cast(case
            when first_failed is not null then 'NOT_ELIGIBLE'
            when first_needs_ruling is not null then 'NEEDS_RULING'
            when first_unknown is not null then 'UNKNOWN'
            else 'ELIGIBLE'
        end as varchar) as verdict,
        cast(n_criteria as integer) as n_criteria,
        cast(n_met as integer) as n_met,
        cast(n_failed as integer) as n_failed,
        cast(n_needs_ruling as integer) as n_needs_ruling,
        cast(n_unknown as integer) as n_unknown,
        cast(n_ruled as integer) as n_ruled,
        cast(first_failed as varchar) as first_failed,
        cast(first_failed_label as varchar) as first_failed_label,
        cast(first_needs_ruling as varchar) as first_needs_ruling,
        cast(first_unknown as varchar) as first_unknown,
        cast(case
            when first_failed is not null then 'ELIGIBILITY_FAILED'
            when first_needs_ruling is not null then 'ELIGIBILITY_NEEDS_RULING'
            when first_unknown is not null then 'ELIGIBILITY_UNKNOWN'
            else 'ELIGIBILITY_MET'
        end as varchar) as rule
    from summed
)
select * from final
