-- One row per patient and statement on the agreement of ctDNA and imaging, and note to check beside it.
with pair as (
    select
        pair.patient_id, pair.sample_id, pair.collected_on, pair.assessed_on, pair.gap_days, pair.response,
        level.draw_no, level.status, level.is_unreliable, level.source_table, level.source_key, state.state,
        state.direction, on_line.course as line_course, on_line.line as course_line,
        overall.source_table as scan_table, overall.source_key as scan_key,
        overall.response_by,
        overall.progression_pattern, lower(coalesce(overall.progression_site, '')) as progression_site,
        overall.is_at_new_site, overall.names_new_site,
        coalesce(overall.differs_in_pd and overall.calculated = 'PD', false) as is_pd_by_lesions,
        row_number() over (
            partition by pair.patient_id
            order by level.draw_no desc nulls last, overall.assessor nulls last
        ) as place
    from ctdna_imaging_pair as pair
    inner join ctdna_level as level on pair.sample_id = level.sample_id
    inner join ctdna_state as state on pair.patient_id = state.patient_id and level.draw_no = state.draw_no
    inner join ctdna_line_level as on_line on pair.sample_id = on_line.sample_id
    left join overall_response as overall
        on
            pair.patient_id = overall.patient_id and pair.assessed_on = overall.assessed_on
            and pair.response_key = overall.source_key and pair.response = overall.response
    cross join study
    -- After local therapy a scan of which nothing is said is not read (A5).
    where
        not pair.is_baseline_draw
        and (study.response_mode <> 'post_local_therapy' or coalesce(overall.is_called, false))
),

-- The last result and the last evaluable scan, of either.
dated as (
    select patient_id, asked_on as seen_on, 1 as is_draw from imaging_answer
    where kind = 'DRAW' and not is_baseline_draw
    union all
    select patient_id, assessed_on, 0 from overall_response where is_adequate
),

last_data as (
    select patient_id, max(seen_on) as last_on, min(is_draw) as has_only_draws
    from dated
    group by patient_id
),

-- What ctDNA says at that draw: up, down, not detected, little changed, or detected without a direction. A rise counts
-- over the lowest of the same line only (docs/decisions 0020).
turned as (
    select
        pair.*, last_data.last_on,
        case
            when status = 'not_detected' then 'NOT_DETECTED'
            when state in ('NEWLY_DETECTED', 'REDETECTED') or direction = 'RISING' then line_course
            when direction = 'FALLING' then 'FALLING'
            when direction = 'STABLE' then 'STABLE'
            else 'DETECTED'
        end as course,
        -- The line whose levels the direction compares with; none where it compares with the baseline.
        case
            when
                status <> 'not_detected' and (state in ('NEWLY_DETECTED', 'REDETECTED') or direction = 'RISING')
                and course_line > 0
                then course_line
        end as compared_line
    from pair
    inner join last_data on pair.patient_id = last_data.patient_id
    where place = 1
),

agreement as (
    select
        turned.*,
        case
            when response in ('NE', 'EQUIVOCAL') then 'AGREEMENT_NOT_JUDGED'
            -- A response that the lesions contradict is no imaging to agree with.
            when is_pd_by_lesions then 'AGREEMENT_PD_BY_LESIONS'
            when response = 'PD' and course = 'NOT_DETECTED' then 'AGREEMENT_PD_NOT_DETECTED'
            when response = 'PD' and course = 'UP' then 'AGREEMENT_PD_UP'
            when response = 'PD' and course = 'FALLING' then 'AGREEMENT_PD_FALLING'
            when response = 'PD' and course = 'STABLE' then 'AGREEMENT_PD_STABLE'
            when response = 'PD' then 'AGREEMENT_NO_DIRECTION'
            when course = 'UP' then 'AGREEMENT_UP_NOT_PD'
            when state in ('NEVER_DETECTED', 'NEVER_DETECTED_ON_TX') or (state = 'BASELINE_ONLY' and course = 'NOT_DETECTED')
                then 'AGREEMENT_NOT_INFORMATIVE'
            when course = 'NOT_DETECTED' then 'AGREEMENT_NOT_DETECTED'
            when response in ('CR', 'NED') then 'AGREEMENT_DETECTED_IN_CR'
            when course = 'FALLING' then 'AGREEMENT_FALLING'
            when course = 'STABLE' and response = 'PR' then 'AGREEMENT_STABLE_IN_PR'
            when course = 'STABLE' then 'AGREEMENT_STABLE'
            else 'AGREEMENT_NO_DIRECTION'
        end as rule
    from turned
),

-- A pair that lies longer before the last data than two dates of a pair may lie apart is said as of its day.
said as (
    select
        agreement.*,
        case
            when date_diff(
                'day', greatest(coalesce(collected_on, assessed_on), coalesce(assessed_on, collected_on)), last_on
            ) <= study.pairing_days then rule
            when rule = 'AGREEMENT_PD_NOT_DETECTED' then 'AGREEMENT_PAST_PD_NOT_DETECTED'
            when
                rule in (
                    'AGREEMENT_NOT_JUDGED', 'AGREEMENT_PD_BY_LESIONS', 'AGREEMENT_NOT_INFORMATIVE', 'AGREEMENT_NO_DIRECTION'
                )
                then 'AGREEMENT_PAST_NOT_STATED'
            when rule in ('AGREEMENT_PD_UP', 'AGREEMENT_NOT_DETECTED', 'AGREEMENT_FALLING', 'AGREEMENT_STABLE')
                then 'AGREEMENT_PAST_SAME'
            else 'AGREEMENT_PAST_DIFFERS'
        end as said_rule
    from agreement
    cross join study
),

-- Progression with ctDNA not detected earlier in the course, the last such pair with how many there were (A34).
earlier_pair as (
    select
        pair.*, cast(count(*) over (partition by patient_id) as integer) as n_pairs,
        row_number() over (partition by patient_id order by place nulls last) as from_last
    from pair
    where response = 'PD' and status = 'not_detected' and place > 1
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
        is_at_new_site, names_new_site, is_unreliable, source_table, source_key, scan_table, scan_key, 0 as preference
    from agreement where rule = 'AGREEMENT_PD_NOT_DETECTED'
    union all
    select
        patient_id, 'EARLIER_PD', assessed_on, collected_on, progression_pattern, progression_site, is_at_new_site,
        names_new_site, is_unreliable, source_table, source_key, scan_table, scan_key, 1
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
            when note_name.rule = 'NOTE_BONE' then bone.patient_id is not null
            when note_name.rule = 'NOTE_HISTOLOGY' then
                coalesce(lower(patient.histology) like '%mucinous%' or lower(patient.histology) like '%signet%', false)
            when note_name.rule = 'NOTE_LOCAL' then coalesce(agreement.progression_pattern = 'in_field', false)
            when note_name.rule = 'NOTE_AFTER_LOCAL_TREATMENT' then coalesce(agreement.is_unreliable, false)
            else false
        end as is_recorded,
        case
            when note_name.rule = 'NOTE_HISTOLOGY' then 'patient'
            when note_name.rule = 'NOTE_AFTER_LOCAL_TREATMENT' then agreement.source_table
            when note_name.rule = 'NOTE_BONE' and bone.source_key is not null then bone.source_table
            else agreement.scan_table
        end as source_table,
        case
            when note_name.rule = 'NOTE_HISTOLOGY' then patient.row_key
            when note_name.rule = 'NOTE_AFTER_LOCAL_TREATMENT' then agreement.source_key
            when note_name.rule = 'NOTE_BONE' and bone.source_key is not null then bone.source_key
            else agreement.scan_key
        end as source_key
    from noted as agreement
    cross join note_name
    inner join usable_patient as patient on agreement.patient_id = patient.patient_id
    left join bone_only_progression as bone
        on agreement.patient_id = bone.patient_id and agreement.assessed_on = bone.assessed_on
    where agreement.noted_place = 1
),

-- A note that the rows rule out is not left to be checked: a progression whose one site is named lies nowhere else, a
-- new lesion is no treated one, and after local therapy every local treatment is recorded.
ruled_out as (
    select
        noted.patient_id,
        coalesce(
            noted.names_new_site and noted.progression_site not in ('other', 'unknown')
            and noted.progression_site not like '%,%' and noted.progression_site not like '%;%', false
        ) as is_site_named,
        coalesce(noted.is_at_new_site, false) as is_new,
        study.response_mode = 'post_local_therapy' as is_local_recorded
    from noted
    cross join study
    where noted.noted_place = 1
),

open_note as (
    select note.*
    from note
    inner join ruled_out on note.patient_id = ruled_out.patient_id
    where
        coalesce(note.is_recorded, false)
        or not case
            when note.rule in ('NOTE_CNS', 'NOTE_LUNG_OR_PERITONEUM', 'NOTE_BONE') then ruled_out.is_site_named
            when note.rule = 'NOTE_LOCAL' then ruled_out.is_new
            when note.rule = 'NOTE_AFTER_LOCAL_TREATMENT' then ruled_out.is_local_recorded
            else false
        end
),

unpaired as (
    select
        level.patient_id, level.collected_on, level.source_table, level.source_key,
        row_number() over (partition by level.patient_id order by level.draw_no desc nulls last) as place
    from ctdna_level as level
    inner join imaging_answer as asked on level.sample_id = asked.sample_id and asked.kind = 'DRAW'
    inner join last_data on level.patient_id = last_data.patient_id
    left join pair on level.patient_id = pair.patient_id
    where not asked.is_baseline_draw and last_data.has_only_draws = 0 and pair.patient_id is null
),

statement as (
    select
        patient_id, 'SAY' as kind, 40 as place, 'AGREEMENT' as statement, said_rule as rule,
        collected_on as day_on, assessed_on as other_on, gap_days as days, compared_line as line, course as code,
        response, response_by, cast(null as boolean) as is_recorded, source_table, source_key,
        scan_table as other_source_table, scan_key as other_source_key
    from said
    union all
    select
        patient_id, 'NOTE', place, statement, rule, collected_on, assessed_on, null, null, null, null, null, is_recorded,
        source_table, source_key, null, null
    from open_note
    union all
    select
        patient_id, 'SAY', 41, 'EARLIER_PD',
        case when n_pairs > 1 then 'EARLIER_PD_NOT_DETECTED_MANY' else 'EARLIER_PD_NOT_DETECTED' end,
        collected_on, assessed_on, n_pairs, null, null, response, response_by, null, source_table, source_key, scan_table,
        scan_key
    from earlier_pair where from_last = 1
    union all
    select
        patient_id, 'UNKNOWN', 38, 'AGREEMENT', 'AGREEMENT_NO_PAIR', collected_on, null, null, null, null, null, null, null,
        source_table, source_key, null, null
    from unpaired where place = 1
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
        cast(code as varchar) as code,
        cast(response as varchar) as response,
        cast(response_by as varchar) as response_by,
        cast(is_recorded as boolean) as is_recorded,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key,
        cast(other_source_table as varchar) as other_source_table,
        cast(other_source_key as varchar) as other_source_key
    from statement
)

select * from final
