-- One row per patient and statement that rests on imaging: agreement with ctDNA and what to check, target sum, response, treatment beyond progression.
with pair as (
    select
        pair.patient_id, pair.sample_id, pair.collected_on, pair.assessed_on, pair.gap_days, pair.response,
        level.draw_no, level.status, level.is_unreliable, level.source_table, level.source_key, state.state,
        state.direction, overall.source_table as scan_table, overall.source_key as scan_key,
        overall.progression_pattern, lower(coalesce(overall.progression_site, '')) as progression_site,
        row_number() over (
            partition by pair.patient_id
            order by level.draw_no desc nulls last, overall.assessor nulls last
        ) as place
    from ctdna_imaging_pair as pair
    inner join ctdna_level as level on pair.sample_id = level.sample_id
    inner join ctdna_state as state on pair.patient_id = state.patient_id and level.draw_no = state.draw_no
    left join overall_response as overall
        on
            pair.patient_id = overall.patient_id and pair.assessed_on = overall.assessed_on
            and pair.response_key = overall.source_key and pair.response = overall.response
    where not pair.is_baseline_draw
),

-- What ctDNA says at that draw: up, down, not detected, little changed, or detected without a direction.
turned as (
    select
        pair.*,
        case
            when status = 'not_detected' then 'NOT_DETECTED'
            when state in ('NEWLY_DETECTED', 'REDETECTED') or direction = 'RISING' then 'UP'
            when direction = 'FALLING' then 'FALLING'
            when direction = 'STABLE' then 'STABLE'
            else 'DETECTED'
        end as course
    from pair
    where place = 1
),

agreement as (
    select
        turned.*,
        case
            when response in ('NE', 'EQUIVOCAL') then 'AGREEMENT_NOT_JUDGED'
            when response = 'PD' and course = 'NOT_DETECTED' then 'AGREEMENT_PD_NOT_DETECTED'
            when response = 'PD' and course = 'UP' then 'AGREEMENT_PD_UP'
            when response = 'PD' and course = 'FALLING' then 'AGREEMENT_PD_FALLING'
            when response = 'PD' and course = 'STABLE' then 'AGREEMENT_PD_STABLE'
            when response = 'PD' then 'AGREEMENT_NO_DIRECTION'
            when course = 'UP' then 'AGREEMENT_UP_NOT_PD'
            when state in ('NEVER_DETECTED', 'NEVER_DETECTED_ON_TX') then 'AGREEMENT_NOT_INFORMATIVE'
            when course = 'NOT_DETECTED' then 'AGREEMENT_NOT_DETECTED'
            when response in ('CR', 'NED') then 'AGREEMENT_DETECTED_IN_CR'
            when course = 'FALLING' then 'AGREEMENT_FALLING'
            when course = 'STABLE' and response = 'PR' then 'AGREEMENT_STABLE_IN_PR'
            when course = 'STABLE' then 'AGREEMENT_STABLE'
            else 'AGREEMENT_NO_DIRECTION'
        end as rule
    from turned
),

-- Progression with ctDNA not detected earlier in the course, the last such pair with how many there were (A34).
earlier_pair as (
    select
        pair.*, cast(count(*) over (partition by patient_id) as integer) as n_pairs,
        row_number() over (partition by patient_id order by place nulls last) as from_last
    from pair
    where response = 'PD' and status = 'not_detected' and place > 1
),

bone_only as (
    select patient_id, min(row_key) as row_key
    from usable_characteristic
    where name = 'bone_only' and value = 'yes'
    group by patient_id
),

-- Clinical-decisions A34: notes to check when imaging shows PD and ctDNA was not detected. No explanation.
note_name as (
    select 'NOTE_CNS' as rule, 41 as place
    union all select 'NOTE_LUNG_OR_PERITONEUM', 42
    union all select 'NOTE_BONE', 43
    union all select 'NOTE_HISTOLOGY', 44
    union all select 'NOTE_LOCAL', 45
    union all select 'NOTE_AFTER_LOCAL_TREATMENT', 46
    union all select 'NOTE_SECOND_PRIMARY', 47
),

-- The notes stand beside the last progression of the kind.
unexplained as (
    select
        patient_id, 'AGREEMENT' as statement, assessed_on, collected_on, progression_pattern, progression_site,
        is_unreliable, source_table, source_key, scan_table, scan_key, 0 as preference
    from agreement where rule = 'AGREEMENT_PD_NOT_DETECTED'
    union all
    select
        patient_id, 'EARLIER_PD', assessed_on, collected_on, progression_pattern, progression_site, is_unreliable,
        source_table, source_key, scan_table, scan_key, 1
    from earlier_pair where from_last = 1
),

noted as (
    select
        unexplained.*,
        row_number() over (partition by patient_id order by preference nulls last) as noted_place
    from unexplained
),

note as (
    select
        agreement.patient_id, agreement.statement, note_name.place, note_name.rule, agreement.assessed_on,
        agreement.collected_on,
        case
            when note_name.rule = 'NOTE_CNS' then
                coalesce(agreement.progression_pattern = 'cns', false) or agreement.progression_site in ('brain', 'cns')
            when note_name.rule = 'NOTE_LUNG_OR_PERITONEUM' then
                coalesce(agreement.progression_pattern like 'new_lung%', false)
                or agreement.progression_site in ('lung', 'peritoneum')
            when note_name.rule = 'NOTE_BONE' then
                agreement.progression_site = 'bone' or bone_only.patient_id is not null
            when note_name.rule = 'NOTE_HISTOLOGY' then
                coalesce(lower(patient.histology) like '%mucinous%' or lower(patient.histology) like '%signet%', false)
            when note_name.rule = 'NOTE_LOCAL' then coalesce(agreement.progression_pattern = 'in_field', false)
            when note_name.rule = 'NOTE_AFTER_LOCAL_TREATMENT' then coalesce(agreement.is_unreliable, false)
            else false
        end as is_recorded,
        case
            when note_name.rule = 'NOTE_HISTOLOGY' then 'patient'
            when note_name.rule = 'NOTE_AFTER_LOCAL_TREATMENT' then agreement.source_table
            when note_name.rule = 'NOTE_BONE' and agreement.progression_site <> 'bone' and bone_only.row_key is not null
                then 'characteristic'
            else agreement.scan_table
        end as source_table,
        case
            when note_name.rule = 'NOTE_HISTOLOGY' then patient.row_key
            when note_name.rule = 'NOTE_AFTER_LOCAL_TREATMENT' then agreement.source_key
            when note_name.rule = 'NOTE_BONE' and agreement.progression_site <> 'bone' and bone_only.row_key is not null
                then bone_only.row_key
            else agreement.scan_key
        end as source_key
    from noted as agreement
    cross join note_name
    inner join usable_patient as patient on agreement.patient_id = patient.patient_id
    left join bone_only on agreement.patient_id = bone_only.patient_id
    where agreement.noted_place = 1
),

-- The last complete sum with what it is compared with, and the sum from which the next one would be PD.
sum_event as (
    select
        target.patient_id, target.assessed_on, target.line, target.sum_tenth_mm, target.baseline_tenth_mm,
        target.nadir_tenth_mm, target.response, target.rule as target_rule, target.source_table, target.source_key,
        event.next_pd_from_tenth_mm,
        row_number() over (
            partition by target.patient_id order by target.assessed_on desc nulls last
        ) as place
    from target_response as target
    inner join timeline_event as event
        on target.patient_id = event.patient_id and event.kind = 'SUM' and target.assessed_on = event.occurred_on
    where target.is_complete and target.sum_tenth_mm is not null
),

-- What the whole assessment says of that day: a new lesion is PD whatever the sum (RECIST 1.1 section 4.3.3).
whole_assessment as (
    select
        patient_id, assessed_on, max(case when response = 'PD' then 1 else 0 end) as is_pd,
        max(case when response = 'PD' then progression_pattern end) as progression_pattern,
        max(case when is_after_progression then 1 else 0 end) as is_after_pd
    from overall_response
    where not is_baseline
    group by patient_id, assessed_on
),

trace as (
    select
        sum_event.*, whole.progression_pattern,
        case
            when target_rule = 'TARGET_BASELINE' then 'TRACE_BASELINE'
            when response = 'PD' then 'TRACE_PD'
            when whole.is_pd = 1 then 'TRACE_PD_ELSEWHERE'
            when whole.is_after_pd = 1 then 'TRACE_AFTER_PD'
            when sum_tenth_mm <= nadir_tenth_mm then 'TRACE_LOWEST'
            else 'TRACE_OVER_NADIR'
        end as rule
    from sum_event
    left join whole_assessment as whole
        on sum_event.patient_id = whole.patient_id and sum_event.assessed_on = whole.assessed_on
    where place = 1 and (target_rule = 'TARGET_BASELINE' or nadir_tenth_mm is not null)
),

-- A difference in PD stands wherever it was, the first one before the course goes on after a progression; else the
-- last assessment. After local therapy a calculation from diameters is no RECIST (A5).
both_responses as (
    select
        overall.*,
        row_number() over (
            partition by overall.patient_id
            order by
                case when overall.differs_in_pd and not coalesce(overall.is_after_progression, false) then 0 else 1 end nulls last,
                case when overall.differs_in_pd and not coalesce(overall.is_after_progression, false) then overall.assessed_on end
                nulls last,
                overall.assessed_on desc nulls last, overall.assessor nulls last
        ) as place
    from overall_response as overall
    cross join study
    where
        overall.reported is not null and overall.calculated is not null and overall.response is not null
        and not overall.is_baseline and study.response_mode = 'recist'
),

last_line as (
    select
        line_of_therapy.*,
        row_number() over (partition by patient_id order by line desc nulls last) as place
    from line_of_therapy
),

statement as (
    select
        patient_id, 'SAY' as kind, 40 as place, 'AGREEMENT' as statement, rule, collected_on as day_on,
        assessed_on as other_on, gap_days as days, cast(null as integer) as line, cast(null as varchar) as label,
        response, cast(null as varchar) as other_response, cast(null as boolean) as is_recorded,
        cast(null as bigint) as sum_tenth_mm, cast(null as bigint) as baseline_tenth_mm,
        cast(null as bigint) as nadir_tenth_mm, cast(null as bigint) as pd_from_tenth_mm, source_table, source_key,
        scan_table as other_source_table, scan_key as other_source_key
    from agreement
    union all
    select
        patient_id, 'NOTE', place, statement, rule, collected_on, assessed_on, null, null, null, null, null, is_recorded,
        null, null, null, null, source_table, source_key, null, null
    from note
    union all
    select
        patient_id, 'SAY', 41, 'EARLIER_PD',
        case when n_pairs > 1 then 'EARLIER_PD_NOT_DETECTED_MANY' else 'EARLIER_PD_NOT_DETECTED' end, collected_on,
        assessed_on, n_pairs, null, null, response, null, null, null, null, null, null, source_table, source_key,
        scan_table, scan_key
    from earlier_pair where from_last = 1
    union all
    select
        patient_id, 'SAY', 50, 'TRACE', rule, assessed_on, null, null, line,
        case when rule = 'TRACE_PD_ELSEWHERE' then progression_pattern end, response, null, null, sum_tenth_mm,
        baseline_tenth_mm, nadir_tenth_mm, next_pd_from_tenth_mm, source_table, source_key, null, null
    from trace
    union all
    select
        patient_id, 'SAY', case when differs_in_pd then 42 else 65 end, 'RESPONSE',
        case
            when differs_in_pd then 'RESPONSE_DIFFERS_IN_PD'
            when reported <> calculated then 'RESPONSE_DIFFERS'
            else 'RESPONSE_SAME'
        end,
        assessed_on, null, null, line, null, reported, calculated, null, null, null, null, null, source_table, source_key,
        null, null
    from both_responses where place = 1
    union all
    select
        patient_id, 'SAY', 45, 'BEYOND_PROGRESSION',
        case when is_ongoing then 'BEYOND_PROGRESSION' else 'BEYOND_PROGRESSION_ENDED' end,
        progressed_on, last_dose_on, date_diff('day', progressed_on, last_dose_on), line, regimen, null, null, null,
        null, null, null, null, source_table, source_key, null, null
    from last_line where place = 1 and treated_beyond_progression
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
        cast(line as integer) as line,
        cast(label as varchar) as label,
        cast(response as varchar) as response,
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
