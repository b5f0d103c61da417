-- One row per patient, date and assessor of an overall response, reported or calculated.
with joined as (
    select
        coalesce(w.patient_id, l.patient_id) as patient_id,
        coalesce(w.assessed_on, l.assessed_on) as assessed_on,
        coalesce(w.assessor, 'CALCULATED') as assessor, coalesce(w.visit, l.visit) as visit,
        w.reported, coalesce(w.has_ne, false) as has_ne, coalesce(w.basis, 'imaging') as basis,
        coalesce(w.counts, true) as counts, w.progression_pattern, w.progression_site,
        w.sum_tenth_mm as reported_tenth_mm, coalesce(l.target, w.target) as stated_target,
        coalesce(l.non_target, w.non_target) as non_target,
        case
            when l.n_new > 0 or w.new_lesion = 'yes' then 'yes'
            when l.n_new_equivocal > 0 or w.new_lesion = 'equivocal' then 'equivocal'
            else w.new_lesion
        end as new_lesion,
        l.n_treated, l.n_local_progression, l.n_treated_equivocal, l.new_since_on, l.new_sites, l.measured_on,
        -- Only lesions tell: a component below CR may be a node that grew again, or a marker.
        coalesce(l.n_present > 0, false) as is_seen, l.patient_id is not null as is_measured,
        coalesce(w.source_table, l.source_table) as source_table,
        coalesce(w.source_key, l.source_key) as source_key
    from response_report as w
    full join lesion_response as l
        on w.patient_id = l.patient_id and w.assessed_on = l.assessed_on and w.counts
),
-- The scans that lines are measured from, their own or borrowed from the line before (A1).
line_scan as (
    select patient_id, line, baseline_on as assessed_on from line_baseline where baseline_on is not null
    union
    select patient_id, line, measured_on from line_baseline where measured_on is not null
),
line_start_scan as (
    select patient_id, assessed_on, max(line) as line from line_scan group by patient_id, assessed_on
),
placed as (
    select
        j.*, d.line, b.line as baseline_of_line, s.response_mode, s.progression_source,
        -- After local therapy a status compares with no baseline: one that was called stands on the scan before a
        -- systemic line too (A5); a progression there belongs to what came before the line (docs/decisions 0003).
        d.is_baseline and not (
            s.response_mode = 'post_local_therapy' and coalesce(d.line, 0) > 0
            and coalesce(j.reported, 'NE') not in ('NE', 'PD')
        ) as is_baseline,
        coalesce(t.sum_tenth_mm, j.reported_tenth_mm) as sum_tenth_mm,
        -- A reported sum is compared as one of lesions. It cannot tell small nodes from disease or what was left out:
        -- CR and NE stand as reported until it has grown. After local therapy it may hold treated lesions (A5).
        coalesce(
            s.response_mode <> 'post_local_therapy' and j.counts and not j.is_measured
            and t.source_table = 'response' and t.nadir_tenth_mm is not null
            and (t.response = 'PD' or t.response = j.stated_target or j.stated_target not in ('CR', 'NE')), false
        ) as is_by_sum,
        t.response as sum_response, coalesce(t.rule = 'TARGET_NONE' and j.is_measured, false) as is_without_target,
        case
            when t.is_complete and t.nadir_tenth_mm is not null and t.rule not in ('TARGET_NONE', 'TARGET_PD_FROM_NONE')
                then t.sum_tenth_mm - t.baseline_tenth_mm
        end as change_tenth_mm,
        case
            when t.is_complete and t.rule not in ('TARGET_NONE', 'TARGET_PD_FROM_NONE')
                then t.sum_tenth_mm - t.nadir_tenth_mm
        end as rise_tenth_mm,
        t.baseline_tenth_mm, t.nadir_tenth_mm
    from joined as j
    cross join study as s
    inner join assessment_date as d on j.patient_id = d.patient_id and j.assessed_on = d.assessed_on
    left join target_response as t
        on j.patient_id = t.patient_id and t.assessed_on = coalesce(j.measured_on, j.assessed_on)
    left join line_start_scan as b on j.patient_id = b.patient_id and j.assessed_on = b.assessed_on
),
compared as (
    select
        *,
        case when is_by_sum then sum_response when not is_without_target then stated_target end as target,
        is_measured or is_by_sum as is_checked
    from placed
),
-- RECIST 1.1 tables 1 and 2 (Eisenhauer 2009), top row wins; an equivocal new lesion is no progression.
-- After local treatment (decision A5) treated lesions are judged by the investigator, never by arithmetic.
tabled as (
    select
        *,
        case
            when is_baseline then null
            when response_mode = 'post_local_therapy' and n_local_progression > 0 then 'OVERALL_PD_IN_FIELD'
            when target = 'PD' then 'OVERALL_PD_TARGET'
            when non_target = 'PD' then 'OVERALL_PD_NON_TARGET'
            when new_lesion = 'yes' then 'OVERALL_PD_NEW_LESION'
            when response_mode = 'post_local_therapy'
                and (n_treated_equivocal > 0 or new_lesion = 'equivocal') then 'OVERALL_EQUIVOCAL'
            -- Controlled lesions alone say nothing of new ones: that none was seen has to be on record.
            when response_mode = 'post_local_therapy' and n_treated > 0 and new_lesion = 'no'
                and target is null and non_target is null then 'OVERALL_NED'
            when target is null and non_target is null then null
            when target is null and non_target = 'CR' then 'OVERALL_CR_NON_TARGET'
            when target is null and non_target = 'NON-CR/NON-PD' then 'OVERALL_NON_CR_NON_PD'
            when target is null or target = 'NE' then 'OVERALL_NE'
            when target = 'CR' and coalesce(non_target, 'CR') = 'CR' then 'OVERALL_CR'
            when target = 'CR' then 'OVERALL_PR_NON_TARGET'
            when target = 'PR' then 'OVERALL_PR'
            else 'OVERALL_SD'
        end as table_rule
    from compared
),
completed as (
    select
        *,
        min(case when table_rule in ('OVERALL_CR', 'OVERALL_CR_NON_TARGET') then assessed_on end) over (
            partition by patient_id, line, case when counts then 'COUNTED' else assessor end
        ) as first_complete_on
    from tabled
),
-- RECIST 1.1 table 3, footnote: after an overall CR of this line any disease seen has reappeared and is PD.
calculated as (
    select
        *,
        case
            when is_seen and first_complete_on < assessed_on and table_rule not like 'OVERALL_PD%'
                then 'OVERALL_PD_REAPPEARED'
            else table_rule
        end as calculated_rule
    from completed
),
answered as (
    select
        *,
        case
            when calculated_rule like 'OVERALL_PD%' then 'PD'
            when calculated_rule like 'OVERALL_CR%' then 'CR'
            when calculated_rule like 'OVERALL_PR%' then 'PR'
            when calculated_rule = 'OVERALL_NON_CR_NON_PD' then 'NON-CR/NON-PD'
            else replace(calculated_rule, 'OVERALL_', '')
        end as calculated
    from calculated
),
-- Decision 1 of design.md section 10: what was reported counts, the calculation where nothing was.
counting as (
    select
        *,
        case
            when not counts then 'OVERALL_OTHER_ASSESSOR'
            when reported is not null and (calculated is null or progression_source <> 'calculated')
                then 'OVERALL_REPORTED'
            when calculated is not null then calculated_rule
            when is_baseline then 'OVERALL_BASELINE'
            else 'OVERALL_NOT_STATED'
        end as rule
    from answered
),
responded as (
    select
        *,
        case
            when rule = 'OVERALL_REPORTED' then reported
            when rule not in ('OVERALL_OTHER_ASSESSOR', 'OVERALL_BASELINE', 'OVERALL_NOT_STATED')
                then calculated
        end as response,
        -- Equivocal new lesions directly before a new lesion date its first appearance (section 4.3.5).
        count(case when coalesce(new_lesion, 'no') <> 'equivocal' then 1 end) over (
            partition by patient_id, assessor order by assessed_on nulls last
            rows between unbounded preceding and 1 preceding
        ) as run
    from counting
),
-- The pattern as reported, else as calculated.
described as (
    select
        *,
        case
            when response <> 'PD' then null
            when progression_pattern is not null then progression_pattern
            when rule = 'OVERALL_PD_IN_FIELD' then 'in_field'
            when calculated_rule = 'OVERALL_PD_TARGET' then 'growth'
            when calculated_rule = 'OVERALL_PD_NON_TARGET' then 'non_target'
            when calculated_rule = 'OVERALL_PD_REAPPEARED' and target in ('PR', 'SD') then 'growth'
            when calculated_rule = 'OVERALL_PD_REAPPEARED' then 'non_target'
            when new_lesion = 'yes' then 'new_lesion'
        end as pattern
    from responded
),
windowed as (
    select
        r.*,
        -- Where disease was seen is told by every report of PD, whoever counts.
        coalesce(
            case when r.reported = 'PD' then coalesce(r.progression_pattern, r.pattern) else r.pattern end
            in ('new_lesion', 'new_lung_up_to_5', 'new_lung_over_5', 'extrathoracic', 'cns')
            and (r.reported = 'PD' or r.response = 'PD'), false
        ) as is_at_new_site,
        -- A status carried over answers to the course before: what is calculated on the line since has another
        -- reference (A5) and is not set against it.
        c.since_on as first_called_on,
        min(case when r.response = 'PD' and not r.is_baseline and c.patient_id is null then r.assessed_on end) over (
            partition by r.patient_id, r.line
        ) as first_pd_on,
        min(case when r.new_lesion = 'equivocal' then r.assessed_on end) over (
            partition by r.patient_id, r.assessor, r.run
        ) as equivocal_since_on
    from described as r
    left join carried_progression as c
        on r.patient_id = c.patient_id and r.assessor = c.assessor and r.assessed_on = c.assessed_on
        and r.rule = 'OVERALL_REPORTED' and r.basis = 'imaging'
),
told as (
    select
        *,
        case
            when response is null then null
            when rule = 'OVERALL_REPORTED' then assessor
            when not is_checked then 'FROM_PARTS'
            -- What the investigator recorded of the lesions is no calculation (A5); a sum of diameters is one.
            when
                response_mode = 'post_local_therapy'
                and rule in ('OVERALL_PD_IN_FIELD', 'OVERALL_PD_NEW_LESION', 'OVERALL_EQUIVOCAL', 'OVERALL_NED')
                then 'RECORDED_LESIONS'
            else 'CALCULATED'
        end as response_by
    from windowed
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(assessed_on as date) as assessed_on,
        cast(assessor as varchar) as assessor,
        cast(case when line > 0 then line end as integer) as line,
        cast(visit as varchar) as visit,
        cast(reported as varchar) as reported,
        cast(calculated as varchar) as calculated,
        -- Without a lesion or two sums to compare the tables only join what the assessor reported part by part: no
        -- check of the report.
        cast(calculated is not null and not is_checked as boolean) as is_from_parts,
        cast(response as varchar) as response,
        cast(case
            when rule = 'OVERALL_REPORTED' then 'REPORTED' when response is not null then 'CALCULATED'
        end as varchar) as source,
        cast(response_by as varchar) as response_by,
        cast(reported is null and response_by = 'CALCULATED' as boolean) as is_unassessed,
        -- Said of the patient: after local therapy only what somebody reported or recorded as such (A5).
        cast(
            response is not null and (
                response_mode <> 'post_local_therapy'
                or rule in (
                    'OVERALL_REPORTED', 'OVERALL_PD_IN_FIELD', 'OVERALL_PD_NEW_LESION', 'OVERALL_EQUIVOCAL', 'OVERALL_NED'
                )
            ) as boolean
        ) as is_called,
        cast(basis as varchar) as basis,
        cast(target as varchar) as target,
        cast(non_target as varchar) as non_target,
        cast(new_lesion as varchar) as new_lesion,
        cast(case
            when new_lesion = 'yes' then least(
                coalesce(equivocal_since_on, assessed_on), coalesce(new_since_on, assessed_on)
            )
        end as date) as new_lesion_since_on,
        cast(case when new_lesion = 'yes' then new_sites end as varchar) as new_sites,
        cast(has_ne as boolean) as has_ne,
        cast(is_baseline as boolean) as is_baseline,
        cast(baseline_of_line as integer) as baseline_of_line,
        -- Nobody reported a response to it, and what is calculated of the line before adds nothing (A1).
        cast(
            reported is null and baseline_of_line is not null and (
                is_baseline or coalesce(response, 'NE') = 'NE' or coalesce(assessed_on > first_pd_on, false)
            ) as boolean
        ) as is_baseline_only,
        cast(not is_baseline and basis = 'imaging' and coalesce(response, 'NE') <> 'NE' as boolean)
            as is_adequate,
        cast(not is_baseline and coalesce(assessed_on > first_pd_on, false) as boolean) as is_after_progression,
        cast(pattern as varchar) as progression_pattern,
        cast(progression_site as varchar) as progression_site,
        cast(is_at_new_site as boolean) as is_at_new_site,
        cast(is_at_new_site and coalesce(progression_site, '') <> '' as boolean) as names_new_site,
        cast(sum_tenth_mm as bigint) as sum_tenth_mm,
        cast(baseline_tenth_mm as bigint) as baseline_tenth_mm,
        cast(nadir_tenth_mm as bigint) as nadir_tenth_mm,
        cast(case when first_complete_on < assessed_on then first_complete_on end as date) as first_complete_on,
        -- Tenths of a per cent, rounded half away from zero; shown only: the response never rests on it.
        cast(case when baseline_tenth_mm > 0 then
            sign(change_tenth_mm)
                * ((2000 * abs(change_tenth_mm) + baseline_tenth_mm) // (2 * baseline_tenth_mm))
        end as integer) as change_from_baseline_tenth_percent,
        cast(case when nadir_tenth_mm > 0 then
            sign(rise_tenth_mm) * ((2000 * abs(rise_tenth_mm) + nadir_tenth_mm) // (2 * nadir_tenth_mm))
        end as integer) as change_from_nadir_tenth_percent,
        cast(first_called_on as date) as first_called_on,
        cast(first_called_on is null and coalesce((reported = 'PD') <> (calculated = 'PD'), false) as boolean)
            as differs_in_pd,
        cast(rule as varchar) as rule,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from told
)
select * from final
