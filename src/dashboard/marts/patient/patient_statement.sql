-- One row per patient and statement of the patient page: what the data say, what is to be checked, what is not known.
-- What was begun on ctDNA alone, by the reason recorded for its start.
with on_ctdna as (
    select patient_id, started_on, array_to_string(list_sort(list(distinct label)), ' + ') as label
    from treatment_episode
    where kind = 'systemic' and start_reason = 'ctdna_detection' and part_of is null
    group by patient_id, started_on
),

statement as (
    select
        patient_id, 'SAY' as kind, statement, place, rule, day_on, other_on, days,
        cast(null as integer) as lower_days, cast(null as integer) as upper_days, n, n_of,
        line, code, label,
        cast(null as varchar) as new_sites, status, other_status, quantity_kind, level_sum, level_n,
        other_level_sum, other_level_n, cast(null as varchar) as response, cast(null as varchar) as response_by,
        cast(null as varchar) as other_response, cast(null as boolean) as is_recorded,
        cast(null as bigint) as sum_tenth_mm, cast(null as bigint) as baseline_tenth_mm,
        cast(null as bigint) as nadir_tenth_mm, cast(null as bigint) as pd_from_tenth_mm, source_table,
        source_key, other_source_table, other_source_key
    from patient_statement_ctdna
    union all
    select
        patient_id, kind, statement, place, rule, day_on, other_on, days, null, null, null, null, line, code, null,
        null, null, null, null, null, null, null, null, response, response_by, null, is_recorded, null, null, null,
        null, source_table, source_key, other_source_table, other_source_key
    from patient_statement_agreement
    union all
    select
        patient_id, kind, statement, place, rule, day_on, other_on, days, null, null, null, null, line, code, label,
        new_sites, null, null, null, null, null, null, null, response, response_by, other_response, is_recorded,
        sum_tenth_mm, baseline_tenth_mm, nadir_tenth_mm, pd_from_tenth_mm, source_table, source_key, null, null
    from patient_statement_imaging
    union all
    select
        patient_id, 'UNKNOWN', statement, place, rule, day_on, other_on, days, null, null, n, null, line, null,
        label, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        source_table, source_key, null, null
    from patient_statement_ctdna_gap
    union all
    select
        patient_id, 'UNKNOWN', statement, place, rule, day_on, other_on, days, null, null, n, n_of, null, null,
        label, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        source_table, source_key, null, null
    from patient_statement_gap
    union all
    select
        patient_id, 'UNKNOWN', statement, place, rule, day_on, null, null, null, null, n, n_of, null, null, label, null,
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, source_table,
        source_key, null, null
    from patient_statement_scan_gap
    union all
    select
        patient_id, kind, statement, place, rule, day_on, other_on, days, null, null, null, null, line, code, label,
        new_sites, null, null, null, null, null, null, null, response, response_by, other_response, is_recorded, null,
        null, null, null, source_table, source_key, null, null
    from patient_statement_course
    union all
    -- After local treatment every category is said, and whether ctDNA was detected before it (clinical-decisions A4, A6).
    select
        lead_time.patient_id, 'SAY', 'LEAD_TIME', 35,
        lead_time.rule || case when lead_time.is_certain = false then '_NOT_CERTAIN' else '' end,
        coalesce(lead_time.treated_on, lead_time.molecular_on, lead_time.last_valid_on), lead_time.imaging_on,
        coalesce(lead_time.lead_days, lead_time.before_imaging_days), lead_time.lower_days, lead_time.upper_days, lead_time.n_valid, null, lead_time.line,
        lead_time.category, on_ctdna.label, null, null,
        case
            when study.index_origin = 'local_therapy' and lead_time.n_valid > 0 and lead_time.is_informative is null
                then 'not_sampled'
        end,
        null, null, null, null, null, null, null, null,
        case when study.index_origin = 'local_therapy' and lead_time.n_valid > 0 then lead_time.is_informative end,
        null, null, null, null, lead_time.source_table, lead_time.source_key, lead_time.other_source_table,
        lead_time.other_source_key
    from lead_time
    cross join study
    left join on_ctdna
        on
            lead_time.patient_id = on_ctdna.patient_id and lead_time.treated_on = on_ctdna.started_on
            and lead_time.category = 'TREATED_ON_CTDNA_ALONE'
    where
        lead_time.category in ('CTDNA_FIRST', 'IMAGING_FIRST', 'SAME_DAY', 'TREATED_ON_CTDNA_ALONE')
        or lead_time.rule in ('LEAD_ONE_RESULT', 'LEAD_NOT_COMPARABLE')
        or (study.index_origin = 'local_therapy' and lead_time.origin_on is not null)
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(kind as varchar) as kind,
        cast(statement as varchar) as statement,
        cast(place as integer) as place,
        cast(rule as varchar) as rule,
        cast(day_on as date) as day_on,
        cast(other_on as date) as other_on,
        cast(days as integer) as days,
        cast(lower_days as integer) as lower_days,
        cast(upper_days as integer) as upper_days,
        cast(n as bigint) as n,
        cast(n_of as bigint) as n_of,
        cast(line as integer) as line,
        cast(code as varchar) as code,
        cast(label as varchar) as label,
        cast(new_sites as varchar) as new_sites,
        cast(status as varchar) as status,
        cast(other_status as varchar) as other_status,
        cast(quantity_kind as varchar) as quantity_kind,
        cast(level_sum as decimal(28, 12)) as level_sum,
        cast(level_n as bigint) as level_n,
        cast(other_level_sum as decimal(28, 12)) as other_level_sum,
        cast(other_level_n as bigint) as other_level_n,
        cast(response as varchar) as response,
        cast(response_by as varchar) as response_by,
        cast(other_response as varchar) as other_response,
        cast(is_recorded as boolean) as is_recorded,
        cast(sum_tenth_mm as bigint) as sum_tenth_mm,
        cast(baseline_tenth_mm as bigint) as baseline_tenth_mm,
        cast(nadir_tenth_mm as bigint) as nadir_tenth_mm,
        cast(pd_from_tenth_mm as bigint) as pd_from_tenth_mm,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key,
        cast(other_source_table as varchar) as other_source_table,
        cast(other_source_key as varchar) as other_source_key
    from statement
)

select * from final
