-- One row per patient and fact of the record before enrolment. What is not certain lies between low and high.
with patient as (
    select
        p.*, d.judged_on, d.aged_on,
        case when coalesce(p.born_on_precision, 'day') = 'day' then 1 else 0 end as is_born_exact,
        year(d.aged_on) - year(p.born_on) as calendar_years,
        case
            when month(d.aged_on) * 100 + day(d.aged_on) < month(p.born_on) * 100 + day(p.born_on) then 1
            else 0
        end as is_before_birthday
    from usable_patient as p
    inner join eligibility_day as d on p.patient_id = d.patient_id
),
before as (
    select
        p.patient_id,
        max(case when t.started_on < p.judged_on and t.kind = 'surgery' then t.started_on end) as operated_on,
        -- An operation on a node may have been a biopsy.
        max(case
            when t.started_on < p.judged_on and t.kind = 'surgery' and coalesce(t.organ, '') <> 'lymph_node'
                then t.started_on
        end) as operated_for_sure_on,
        max(case
            when t.started_on >= p.judged_on or t.kind <> 'radiotherapy' then 0
            when t.organ = 'lung' then 2
            when t.organ is null then 1
            else 0
        end) as lung_radiotherapy,
        min(case when t.kind = 'surgery' then t.row_key end) as surgery_key,
        min(case when t.kind = 'radiotherapy' and t.organ = 'lung' then t.row_key end) as radiotherapy_key,
        min(t.row_key) as any_key
    from patient as p
    inner join usable_treatment as t on p.patient_id = t.patient_id
    group by p.patient_id
),
line as (
    select
        p.patient_id,
        max(case when l.started_on < p.judged_on then l.line else 0 end) as n_before,
        max(case when l.line = 1 and l.class_started_on is not null then 1 else 0 end) as has_key_class,
        max(case when l.line = 1 then 1 else 0 end) as has_first,
        min(case when l.line = 1 then l.source_key end) as first_key
    from patient as p
    inner join line_of_therapy as l on p.patient_id = l.patient_id
    group by p.patient_id
),
sampled as (
    select p.patient_id, min(s.row_key) as sample_key
    from patient as p
    inner join usable_ctdna_sample as s on p.patient_id = s.patient_id
    where s.status <> 'not_done' and s.collected_on <= p.observed_until
    group by p.patient_id
),
declined as (
    select patient_id, min(row_key) as disposition_key
    from usable_disposition
    where kind = 'ctdna_declined'
    group by patient_id
),
facts as (
    select
        patient_id, 'age_years' as fact,
        case
            when is_born_exact = 1 and born_on is not null then calendar_years - is_before_birthday
            when age_years is not null then age_years
            else calendar_years - 1
        end as low,
        case
            when is_born_exact = 1 and born_on is not null then calendar_years - is_before_birthday
            when age_years is not null then age_years
            else calendar_years
        end as high,
        '' as said, 'patient' as source_table, row_key as source_key
    from patient
    union all
    select patient_id, 'sex' as fact, null as low, null as high, sex as said, 'patient' as source_table, row_key
    from patient
    union all
    select
        patient_id, 'tumour_type' as fact, null as low, null as high, tumour_type as said,
        'patient' as source_table, row_key
    from patient
    union all
    select
        patient_id, 'is_metastatic' as fact, null as low, null as high,
        case
            when metastatic_on <= judged_on then 'yes'
            when coalesce(metastatic_on_precision, 'day') = 'day' and metastatic_on > judged_on then 'no'
        end as said,
        'patient' as source_table, row_key
    from patient
    union all
    select
        patient_id, 'is_consented' as fact, null as low, null as high,
        case
            when enrolled_on is null and consented_on is not null then 'yes'
            when consented_on <= enrolled_on then 'yes'
            when coalesce(consented_on_precision, 'day') = 'day' and consented_on > enrolled_on then 'no'
        end as said, 'patient' as source_table, row_key
    from patient
    union all
    select
        patient_id, 'ned_basis' as fact, null as low, null as high,
        case when ned_on is not null then ned_basis end as said, 'patient' as source_table, row_key
    from patient
    union all
    -- A date known by month or year is its last day: NED may be earlier, the oligometastases too.
    select
        f.patient_id, case f.kind when 'NED' then 'ned_months' else 'ned_treatment_months' end as fact,
        f.n_months - f.ended_spread_months as low, f.n_months + f.from_spread_months as high, '' as said,
        f.source_table, f.source_key
    from disease_free_interval as f
    inner join patient as p on f.patient_id = p.patient_id
    where f.kind in ('NED', 'NED_TREATMENT')
    union all
    select
        b.patient_id, 'lines_before_enrolment' as fact, coalesce(l.n_before, 0) as low,
        coalesce(l.n_before, 0) as high, '' as said, 'treatment' as source_table, coalesce(l.first_key, b.any_key)
    from before as b
    left join line as l on b.patient_id = l.patient_id
    union all
    select
        patient_id, 'lung_radiotherapy_before' as fact, null as low, null as high,
        case lung_radiotherapy when 2 then 'yes' when 0 then 'no' end as said, 'treatment' as source_table,
        coalesce(radiotherapy_key, any_key)
    from before
    union all
    select
        b.patient_id, 'days_since_major_surgery' as fact, date_diff('day', b.operated_on, p.judged_on) as low,
        date_diff('day', b.operated_for_sure_on, p.judged_on) as high,
        case when b.operated_on is null then 'none' else '' end as said, 'treatment' as source_table,
        coalesce(b.surgery_key, b.any_key)
    from before as b
    inner join patient as p on b.patient_id = p.patient_id
    union all
    select
        patient_id, 'has_key_class' as fact, null as low, null as high,
        case when has_key_class = 1 then 'yes' when has_first = 1 then 'no' end as said,
        'treatment' as source_table, first_key
    from line
    union all
    select
        p.patient_id, 'is_assay_done' as fact, null as low, null as high,
        case when s.sample_key is not null then 'yes' when d.disposition_key is not null then 'no' end as said,
        case when s.sample_key is not null then 'ctdna_sample' else 'disposition' end as source_table,
        coalesce(s.sample_key, d.disposition_key)
    from patient as p
    left join sampled as s on p.patient_id = s.patient_id
    left join declined as d on p.patient_id = d.patient_id
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(fact as varchar) as fact,
        cast(low as decimal(18, 4)) as low,
        cast(high as decimal(18, 4)) as high,
        cast(nullif(nullif(said, ''), 'unknown') as varchar) as said,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from facts
    where low is not null or high is not null or coalesce(said, '') not in ('', 'unknown')
)
select * from final
