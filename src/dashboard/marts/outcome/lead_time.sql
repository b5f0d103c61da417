-- One row per patient: whether ctDNA or imaging showed progression first, after local treatment or on the index line.
-- Clinical-decisions A6. Molecular progression is a ctDNA rule, not RECIST; imaging is the response that counts.
with origin as (
    select
        summary.patient_id, summary.source_key as patient_key, index_line.line,
        case when study.index_origin = 'local_therapy' then 0 else index_line.line end as baseline_line,
        case when study.index_origin = 'local_therapy' then summary.first_local_on else index_line.started_on end
            as origin_on,
        -- A progression on the day the next line starts still belongs to the line before.
        case
            when study.index_origin <> 'local_therapy' and index_line.next_started_on < summary.observed_until
                then index_line.next_started_on
            else summary.observed_until
        end as until_on
    from patient_summary as summary
    cross join study
    left join line_of_therapy as index_line
        on
            study.index_origin <> 'local_therapy' and summary.patient_id = index_line.patient_id
            and summary.index_line = index_line.line
),

draw as (
    select
        origin.patient_id,
        count(*) as n_valid,
        count(case when level.status <> 'not_detected' then 1 end) as n_detected,
        max(case when level.collected_on > origin.origin_on then level.collected_on end) as last_valid_on,
        -- Null without a sample before treatment: not sampled is not the same as not detected (A4).
        max(
            case
                when level.baseline_rule = 'BASELINE_PRE_TREATMENT'
                    then case when level.status = 'not_detected' then 0 else 1 end
            end
        ) as is_detected_before
    from origin
    inner join ctdna_level as level on origin.patient_id = level.patient_id and level.is_valid
    where level.collected_on <= origin.until_on
    group by origin.patient_id
),

molecular as (
    select
        origin.patient_id, state.collected_on, state.previous_valid_on, level.source_table, level.source_key
    from origin
    inner join ctdna_state as state on origin.patient_id = state.patient_id and state.is_molecular_progression
    inner join ctdna_level as level on state.sample_id = level.sample_id
    where state.collected_on > origin.origin_on and state.collected_on <= origin.until_on
),

scan as (
    select
        origin.patient_id, overall.assessed_on, overall.response, overall.is_baseline, overall.is_adequate,
        overall.source_table, overall.source_key, origin.origin_on, origin.baseline_line,
        row_number() over (
            partition by origin.patient_id,
            overall.response = 'PD' and not overall.is_baseline and overall.assessed_on > origin.origin_on
            order by overall.assessed_on nulls last, overall.source_key nulls last, overall.assessor nulls last
        ) as place
    from origin
    inner join overall_response as overall on origin.patient_id = overall.patient_id
    where coalesce(overall.basis, 'imaging') = 'imaging' and overall.assessed_on <= origin.until_on
),

imaging as (
    select patient_id, assessed_on, source_table, source_key
    from scan
    where response = 'PD' and not is_baseline and assessed_on > origin_on and place = 1
),

-- The scan the course is measured from says no progression of it, whatever it says of the line before (A1,
-- docs/decisions 0003).
without_progression as (
    select scan.patient_id, max(scan.assessed_on) as assessed_on
    from scan
    left join imaging on scan.patient_id = imaging.patient_id
    left join line_baseline as baseline
        on scan.patient_id = baseline.patient_id and scan.baseline_line = baseline.line
    where
        (
            scan.is_baseline or (scan.is_adequate and scan.response <> 'PD')
            or scan.assessed_on = baseline.baseline_on or scan.assessed_on = baseline.measured_on
        )
        and (imaging.assessed_on is null or scan.assessed_on < imaging.assessed_on)
    group by scan.patient_id
),

-- Nothing can rise before a second sample of the same assay, quantity and tracked set (A3).
followed as (
    select
        level.patient_id, level.collected_on,
        row_number() over (
            partition by level.patient_id, level.series_no order by level.draw_no nulls last
        ) as series_place
    from ctdna_level as level
    where level.is_valid
),

compared as (
    select
        imaging.patient_id,
        -- A later one without a rise says as well that imaging came first.
        count(
            case
                when
                    followed.series_place > 1 and followed.collected_on > origin.origin_on
                    and (molecular.collected_on is null or followed.collected_on < molecular.collected_on)
                    then 1
            end
        ) as n_compared,
        date_diff('day', max(followed.collected_on), imaging.assessed_on) as before_imaging_days
    from imaging
    inner join origin on imaging.patient_id = origin.patient_id
    inner join followed
        on imaging.patient_id = followed.patient_id and followed.collected_on <= origin.until_on
    left join molecular on imaging.patient_id = molecular.patient_id
    group by imaging.patient_id, imaging.assessed_on
),

-- Treatment on ctDNA alone, before any progression on imaging: that progression is then never observed.
treated as (
    select origin.patient_id, min(episode.started_on) as started_on, min(episode.source_key) as source_key
    from origin
    inner join treatment_episode as episode on origin.patient_id = episode.patient_id
    left join imaging on origin.patient_id = imaging.patient_id
    where
        episode.kind = 'systemic' and episode.start_reason = 'ctdna_detection'
        and episode.started_on > origin.origin_on and episode.started_on <= origin.until_on
        and (imaging.assessed_on is null or episode.started_on < imaging.assessed_on)
    group by origin.patient_id
),

joined as (
    select
        origin.*, coalesce(draw.n_valid, 0) as n_valid, coalesce(draw.n_detected, 0) as n_detected,
        draw.is_detected_before, draw.last_valid_on,
        molecular.collected_on as molecular_on, molecular.previous_valid_on,
        molecular.source_table as molecular_table, molecular.source_key as molecular_key,
        imaging.assessed_on as imaging_on, without_progression.assessed_on as last_scan_on,
        imaging.source_table as imaging_table, imaging.source_key as imaging_key,
        treated.started_on as treated_on, treated.source_key as treated_key,
        coalesce(compared.n_compared, 0) as n_compared, compared.before_imaging_days
    from origin
    left join draw on origin.patient_id = draw.patient_id
    left join molecular on origin.patient_id = molecular.patient_id
    left join imaging on origin.patient_id = imaging.patient_id
    left join without_progression on origin.patient_id = without_progression.patient_id
    left join treated on origin.patient_id = treated.patient_id
    left join compared on origin.patient_id = compared.patient_id
),

-- First match wins.
ruled as (
    select
        joined.*,
        case
            when origin_on is null then 'LEAD_NO_ORIGIN'
            when n_valid = 0 then 'LEAD_NO_RESULT'
            when treated_on is not null then 'LEAD_TREATED_ON_CTDNA'
            when n_detected = 0 then 'LEAD_NEVER_DETECTED'
            when molecular_on < imaging_on then 'LEAD_CTDNA_FIRST'
            when molecular_on = imaging_on then 'LEAD_SAME_DAY'
            when molecular_on > imaging_on and (n_compared > 0 or previous_valid_on <= imaging_on)
                then 'LEAD_IMAGING_FIRST'
            when imaging_on is not null and last_valid_on is null then 'LEAD_NO_DRAW'
            when imaging_on is not null and n_compared = 0 and n_valid = 1 and before_imaging_days >= 0
                then 'LEAD_ONE_RESULT'
            when imaging_on is not null and n_compared = 0 then 'LEAD_NOT_COMPARABLE'
            when molecular_on is not null and last_scan_on > molecular_on then 'LEAD_CTDNA_FIRST_SO_FAR'
            when molecular_on is not null then 'LEAD_CTDNA_FIRST_NO_SCAN'
            when imaging_on is not null then 'LEAD_IMAGING_ONLY'
            else 'LEAD_NO_EVENT'
        end as rule
    from joined
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(line as integer) as line,
        cast(origin_on as date) as origin_on,
        cast(until_on as date) as until_on,
        cast(is_detected_before = 1 as boolean) as is_informative,
        cast(
            case
                when rule in ('LEAD_CTDNA_FIRST', 'LEAD_CTDNA_FIRST_SO_FAR', 'LEAD_CTDNA_FIRST_NO_SCAN')
                    then 'CTDNA_FIRST'
                when rule in ('LEAD_IMAGING_FIRST', 'LEAD_IMAGING_ONLY') then 'IMAGING_FIRST'
                when rule = 'LEAD_SAME_DAY' then 'SAME_DAY'
                when rule = 'LEAD_TREATED_ON_CTDNA' then 'TREATED_ON_CTDNA_ALONE'
                when rule = 'LEAD_NO_EVENT' then 'NO_EVENT_YET'
                else 'NOT_INFORMATIVE'
            end as varchar
        ) as category,
        cast(n_valid as bigint) as n_valid,
        cast(n_detected as bigint) as n_detected,
        cast(molecular_on as date) as molecular_on,
        cast(previous_valid_on as date) as previous_valid_on,
        cast(last_valid_on as date) as last_valid_on,
        cast(imaging_on as date) as imaging_on,
        cast(last_scan_on as date) as last_scan_on,
        cast(treated_on as date) as treated_on,
        cast(
            case
                when rule in ('LEAD_CTDNA_FIRST', 'LEAD_SAME_DAY', 'LEAD_IMAGING_FIRST')
                    then date_diff('day', molecular_on, imaging_on)
            end as integer
        ) as lead_days,
        cast(
            case
                when
                    rule in (
                        'LEAD_CTDNA_FIRST', 'LEAD_SAME_DAY', 'LEAD_IMAGING_FIRST', 'LEAD_CTDNA_FIRST_SO_FAR',
                        'LEAD_CTDNA_FIRST_NO_SCAN'
                    )
                    then date_diff('day', molecular_on, last_scan_on)
            end as integer
        ) as lower_days,
        cast(
            case
                when rule in ('LEAD_CTDNA_FIRST', 'LEAD_SAME_DAY', 'LEAD_IMAGING_FIRST')
                    then date_diff('day', previous_valid_on, imaging_on)
                when rule = 'LEAD_IMAGING_ONLY' then date_diff('day', last_valid_on, imaging_on)
            end as integer
        ) as upper_days,
        -- An order is certain where both bounds lie on one side of 0; an open bound may lie on either.
        cast(
            case
                when rule in ('LEAD_CTDNA_FIRST', 'LEAD_CTDNA_FIRST_SO_FAR', 'LEAD_CTDNA_FIRST_NO_SCAN')
                    then coalesce(last_scan_on >= molecular_on, false)
                when rule = 'LEAD_IMAGING_FIRST' then coalesce(previous_valid_on >= imaging_on, false)
                when rule = 'LEAD_IMAGING_ONLY' then coalesce(last_valid_on >= imaging_on, false)
                when rule = 'LEAD_SAME_DAY' then false
            end as boolean
        ) as is_certain,
        cast(case when rule = 'LEAD_ONE_RESULT' then before_imaging_days end as integer) as before_imaging_days,
        cast(rule as varchar) as rule,
        cast(
            case
                when rule = 'LEAD_TREATED_ON_CTDNA' then 'treatment'
                else coalesce(molecular_table, imaging_table, 'patient')
            end as varchar
        ) as source_table,
        cast(
            case
                when rule = 'LEAD_TREATED_ON_CTDNA' then treated_key
                else coalesce(molecular_key, imaging_key, patient_key)
            end as varchar
        ) as source_key,
        cast(case when molecular_table is not null then imaging_table end as varchar) as other_source_table,
        cast(case when molecular_key is not null then imaging_key end as varchar) as other_source_key
    from ruled
)

select * from final
