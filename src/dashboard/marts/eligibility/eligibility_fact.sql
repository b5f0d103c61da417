-- One row per patient and fact that a criterion of the study reads, as of enrolment.
with wanted as (
    select fact from criterion
    union
    select 'attestation.' || criterion as fact from criterion
    union
    select 'ruling.' || criterion as fact from criterion
),
-- A screening value may be laboratory_screening_days old (clinical-rules 5.5).
measured as (
    select
        m.patient_id, m.name, m.value, m.comparator, m.upper_normal, m.row_key,
        row_number() over (
            partition by m.patient_id, m.name order by m.measured_on desc nulls last, m.row_key desc nulls last
        ) as place
    from usable_measurement as m
    inner join eligibility_day as d on m.patient_id = d.patient_id
    cross join study as s
    where m.value is not null and m.measured_on <= d.judged_on
        and date_diff('day', m.measured_on, d.judged_on) <= s.laboratory_screening_days
),
tested as (
    select
        t.patient_id, t.test, t.result, t.value_percent, t.row_key,
        row_number() over (
            partition by t.patient_id, t.test order by t.taken_on desc nulls last, t.row_key desc nulls last
        ) as place
    from usable_pathology as t
    inner join eligibility_day as d on t.patient_id = d.patient_id
    where t.taken_on is null or t.taken_on <= d.judged_on
),
answered as (
    select
        a.patient_id, a.criterion, a.answer, a.row_key,
        row_number() over (
            partition by a.patient_id, a.criterion order by a.attested_on desc nulls last, a.row_key desc nulls last
        ) as place,
        row_number() over (
            partition by a.patient_id, a.criterion, case when a.answer like 'ruled%' then 1 else 0 end
            order by a.attested_on desc nulls last, a.row_key desc nulls last
        ) as place_of_kind
    from usable_attestation as a
    inner join usable_patient as p on a.patient_id = p.patient_id
    where a.attested_on is null or a.attested_on <= p.observed_until
),
facts as (
    select patient_id, fact, low, high, 1 as scale, said, source_table, source_key from eligibility_history
    union all
    select patient_id, fact, low, high, 1 as scale, said, source_table, source_key from eligibility_lesion
    union all
    -- "<0.5" lies below, ">100" above.
    select
        patient_id, 'measurement.' || name as fact, case when coalesce(comparator, '>') = '>' then value end as low,
        case when coalesce(comparator, '<') = '<' then value end as high, 1 as scale, null as said,
        'measurement' as source_table, row_key
    from measured
    where place = 1
    union all
    select
        patient_id, 'measurement_uln.' || name as fact,
        case when coalesce(comparator, '>') = '>' then value end as low,
        case when coalesce(comparator, '<') = '<' then value end as high, upper_normal as scale, null as said,
        'measurement' as source_table, row_key
    from measured
    where place = 1 and upper_normal > 0
    union all
    select
        patient_id, 'pathology.' || test as fact, value_percent as low, value_percent as high, 1 as scale,
        result as said, 'pathology' as source_table, row_key
    from tested
    where place = 1
    union all
    -- 2+ without a word about ISH is 2+ with ISH missing (clinical-decisions A30).
    select
        patient_id, 'her2_status' as fact, null as low, null as high, 1 as scale,
        case when result = '2+' then '2+ ISH missing' else result end as said, 'pathology' as source_table, row_key
    from tested
    where place = 1 and test = 'her2'
    union all
    select
        patient_id, 'characteristic.' || name as fact, null as low, null as high, 1 as scale, value as said,
        'characteristic' as source_table, row_key
    from usable_characteristic
    union all
    select
        patient_id, 'attestation.' || criterion as fact, null as low, null as high, 1 as scale,
        case answer when 'ruled_eligible' then 'yes' when 'ruled_not_eligible' then 'no' else answer end as said,
        'attestation' as source_table, row_key
    from answered
    where place = 1
    union all
    select
        patient_id, 'ruling.' || criterion as fact, null as low, null as high, 1 as scale, answer as said,
        'attestation' as source_table, row_key
    from answered
    where place_of_kind = 1 and answer like 'ruled%'
),
final as (
    select
        cast(f.patient_id as varchar) as patient_id,
        cast(f.fact as varchar) as fact,
        cast(f.low as decimal(18, 4)) as low,
        cast(f.high as decimal(18, 4)) as high,
        cast(f.scale as decimal(18, 4)) as scale,
        cast(nullif(f.said, 'unknown') as varchar) as said,
        cast(f.source_table as varchar) as source_table,
        cast(f.source_key as varchar) as source_key
    from facts as f
    inner join wanted as w on f.fact = w.fact
)
select * from final
