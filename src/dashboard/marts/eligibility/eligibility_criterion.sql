-- One row per patient, eligibility criterion and reading of the protocol.
with asked as (
    select
        d.patient_id, p.sex, c.*,
        case when c.fact = 'attestation' then 'attestation.' || c.criterion else c.fact end as fact_read
    from eligibility_day as d
    inner join usable_patient as p on d.patient_id = p.patient_id
    cross join criterion as c
),
found as (
    select
        q.*, f.low, f.high, f.said, f.scale, f.source_table, f.source_key,
        q.bound * f.scale as limit_value,
        a.said as answer, a.source_key as answer_key, r.said as ruling, r.source_key as ruling_key,
        case when q.fact_read like 'attestation.%' then 1 else 0 end as is_attested,
        case when q.applies_to <> q.sex and q.sex <> 'unknown' then 1 else 0 end as is_not_asked
    from asked as q
    left join eligibility_fact as f on q.patient_id = f.patient_id and q.fact_read = f.fact
    left join eligibility_fact as a on q.patient_id = a.patient_id and a.fact = 'attestation.' || q.criterion
    left join eligibility_fact as r on q.patient_id = r.patient_id and r.fact = 'ruling.' || q.criterion
),
-- What the data say. Never met without a value (clinical-rules 5.5).
calculated as (
    select
        *,
        case
            when is_not_asked = 1 then 'PASS'
            when operator = 'ruling' and value is null then 'NEEDS_RULING'
            when ' | ' || equivocal || ' | ' like '% | ' || said || ' | %' then 'NEEDS_RULING'
            when operator = 'ruling' and ' | ' || value || ' | ' like '% | ' || said || ' | %' then 'NEEDS_RULING'
            when operator = 'ruling' and said is not null then 'PASS'
            when operator = 'attested' and said = 'yes' then 'PASS'
            when operator = 'attested' and said = 'no' then 'FAIL'
            when operator = 'is' and ' | ' || value || ' | ' like '% | ' || said || ' | %' then 'PASS'
            when operator = 'is' and said is not null then 'FAIL'
            when operator = 'is_not' and ' | ' || value || ' | ' like '% | ' || said || ' | %' then 'FAIL'
            when operator = 'is_not' and said is not null then 'PASS'
            when operator in ('at_least', 'over') and said = 'none' then 'PASS'
            when operator = 'at_least' and low >= limit_value then 'PASS'
            when operator = 'at_least' and high < limit_value then 'FAIL'
            when operator = 'over' and low > limit_value then 'PASS'
            when operator = 'over' and high <= limit_value then 'FAIL'
            when operator = 'at_most' and high <= limit_value then 'PASS'
            when operator = 'at_most' and low > limit_value then 'FAIL'
            when operator = 'under' and high < limit_value then 'PASS'
            when operator = 'under' and low >= limit_value then 'FAIL'
            else 'UNKNOWN'
        end as data_result
    from found
),
-- Where the readings differ, an answer agrees with one of them and contradicts nothing.
compared as (
    select
        *,
        max(case
            when data_result = 'PASS' and answer = 'yes' then 1
            when data_result = 'FAIL' and answer = 'no' then 1
            else 0
        end) over (partition by patient_id, criterion) as agrees_somewhere
    from calculated
),
judged as (
    select
        *,
        case
            when is_attested = 1 or is_not_asked = 1 or agrees_somewhere = 1 then 0
            when data_result = 'PASS' and answer = 'no' then 1
            when data_result = 'FAIL' and answer = 'yes' then 1
            else 0
        end as is_contradicted,
        case
            when ruling is not null then 'RULED'
            when data_result <> 'UNKNOWN' or is_attested = 1 then data_result
            when answer = 'yes' then 'PASS'
            when answer = 'no' then 'FAIL'
            else 'UNKNOWN'
        end as result
    from compared
),
explained as (
    select
        *,
        case
            when result = 'RULED' and ruling = 'ruled_eligible' then 'CRITERION_RULED_ELIGIBLE'
            when result = 'RULED' then 'CRITERION_RULED_NOT_ELIGIBLE'
            when is_not_asked = 1 then 'CRITERION_NOT_ASKED'
            when result = 'NEEDS_RULING' then 'CRITERION_NEEDS_RULING'
            when result = 'UNKNOWN' and (low is not null or high is not null) then 'CRITERION_NOT_CERTAIN'
            when result = 'UNKNOWN' then 'CRITERION_UNKNOWN'
            when is_contradicted = 1 then 'CRITERION_' || result || '_AGAINST_ANSWER'
            when is_attested = 1 then 'CRITERION_' || result || '_ATTESTED'
            when data_result = 'UNKNOWN' then 'CRITERION_' || result || '_BY_ANSWER'
            when bound is null then 'CRITERION_' || result
            else 'CRITERION_' || result || '_NUMBER'
        end as rule,
        case
            when result = 'RULED' and ruling = 'ruled_eligible' then 1
            when result = 'PASS' then 1
            when result in ('RULED', 'FAIL') then 0
        end as is_met
    from judged
),
-- All readings in force together: what differs between them waits for the PI.
joined as (
    select
        *,
        cast(sum(case when is_in_force then 1 else 0 end) over w as bigint) as n_readings,
        cast(sum(case when is_in_force and is_met = 1 then 1 else 0 end) over w as bigint) as n_met,
        cast(sum(case when is_in_force and is_met = 0 then 1 else 0 end) over w as bigint) as n_failed,
        cast(sum(case when is_in_force and result = 'NEEDS_RULING' then 1 else 0 end) over w as bigint) as n_waiting
    from explained
    window w as (partition by patient_id, criterion)
),
texts as (
    select
        *,
        rtrim(rtrim(cast(low as varchar), '0'), '.') as low_text,
        rtrim(rtrim(cast(high as varchar), '0'), '.') as high_text,
        rtrim(rtrim(cast(scale as varchar), '0'), '.') as scale_text
    from joined
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(criterion as varchar) as criterion,
        cast(reading as varchar) as reading,
        cast(criterion_no as integer) as criterion_no,
        cast(label as varchar) as label,
        cast(kind as varchar) as kind,
        cast(question as varchar) as question,
        cast(is_in_force as boolean) as is_in_force,
        cast(result as varchar) as result,
        cast(is_met = 1 as boolean) as is_met,
        cast(case
            when result = 'RULED' then 'RULED'
            when n_met = n_readings then 'PASS'
            when n_failed = n_readings then 'FAIL'
            when n_waiting > 0 or (n_met > 0 and n_failed > 0) then 'NEEDS_RULING'
            else 'UNKNOWN'
        end as varchar) as result_in_force,
        cast(case
            when bound is null then said
            when low = high then low_text
            when said is not null then said
            when low is null then 'under ' || high_text
            when high is null then 'over ' || low_text
            else low_text || ' to ' || high_text
        end || case
            when fact like 'measurement_uln.%' then ' (upper limit of normal ' || scale_text || ')'
            else ''
        end as varchar) as found,
        cast(low as decimal(18, 4)) as found_low,
        cast(high as decimal(18, 4)) as found_high,
        cast(operator as varchar) as operator,
        cast(bound as decimal(18, 4)) as bound,
        cast(value as varchar) as value,
        cast(fact as varchar) as fact,
        cast(data_result as varchar) as data_result,
        cast(answer as varchar) as answer,
        cast(is_contradicted = 1 as boolean) as is_contradicted,
        cast(rule as varchar) as rule,
        cast(case
            when ruling is not null then 'attestation'
            when data_result = 'UNKNOWN' and answer is not null then 'attestation'
            else source_table
        end as varchar) as source_table,
        cast(case
            when ruling is not null then ruling_key
            when data_result = 'UNKNOWN' and answer is not null then answer_key
            else source_key
        end as varchar) as source_key
    from texts
)
select * from final
