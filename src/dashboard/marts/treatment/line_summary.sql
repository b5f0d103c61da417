-- One row per patient and line of therapy: its drugs in the order they were given, what was called at the scans after its
-- baseline, and since when nothing is known of it while it goes on.
with baseline as (
    select patient_id, line, baseline_on, named_on from line_baseline where line > 0
),
-- After local treatment the baseline scan of a line may have a status of its own (clinical-decisions A5).
assessment as (
    select milestone.patient_id, milestone.line, max(milestone.occurred_on) as assessed_on
    from milestone
    left join baseline on milestone.patient_id = baseline.patient_id and milestone.line = baseline.line
    where
        milestone.kind = 'adequate_assessment'
        and (baseline.baseline_on is null or milestone.occurred_on > baseline.baseline_on)
    group by milestone.patient_id, milestone.line
),
-- Every response to the line counts for its patient, of several assessors the study's (overall_response.response). A scan
-- that a line is measured from, to which nobody reported a response, answers for no line (A1).
scan as (
    select
        overall.patient_id, overall.line, overall.assessed_on, overall.response,
        case when overall.is_unassessed then overall.response || ' (calculated)' else overall.response end as said,
        coalesce(overall.first_called_on, overall.assessed_on) as first_called_on
    from overall_response as overall
    left join baseline on overall.patient_id = baseline.patient_id and overall.line = baseline.line
    where
        overall.basis = 'imaging' and not coalesce(overall.is_baseline_only, false)
        and (baseline.baseline_on is null or overall.assessed_on > baseline.baseline_on)
),
response as (
    select patient_id, line, said, count(distinct assessed_on) as n, min(assessed_on) as first_on
    from scan
    where response is not null
    group by patient_id, line, said
),
scanned as (
    select
        patient_id, line, count(distinct case when response is not null then assessed_on end) as n_called,
        min(case when response = 'PD' then first_called_on end) as pd_called_on
    from scan
    group by patient_id, line
),
-- Examinations after the baseline, without one since the line began.
imaged as (
    select line_of_therapy.patient_id, line_of_therapy.line, max(imaging.imaged_on) as imaged_on
    from line_of_therapy
    inner join usable_patient as patient on line_of_therapy.patient_id = patient.patient_id
    left join baseline on line_of_therapy.patient_id = baseline.patient_id and line_of_therapy.line = baseline.line
    inner join usable_imaging as imaging
        on
            line_of_therapy.patient_id = imaging.patient_id
            and imaging.imaged_on > coalesce(baseline.named_on, line_of_therapy.started_on - 1)
            and imaging.imaged_on < coalesce(line_of_therapy.next_started_on, patient.observed_until + 1)
    where imaging.imaged_on <= patient.observed_until
    group by line_of_therapy.patient_id, line_of_therapy.line
),
progressive as (
    select patient_id, line, count(*) as n_pd
    from overall_response
    where response = 'PD'
    group by patient_id, line
),
given as (
    select patient_id, line, label, min(started_on) as started_on
    from treatment_episode
    where kind = 'systemic' and line is not null and part_of is null and label is not null
    group by patient_id, line, label
),
together as (
    select patient_id, line, started_on, array_to_string(list_sort(list(label)), ' + ') as labels
    from given
    group by patient_id, line, started_on
),
-- Both sorted by the first day of each, which is then taken off.
in_order as (
    select
        patient_id, line,
        ' | ' || array_to_string(list_sort(list(cast(started_on as varchar) || ' ' || labels)), ' | ') as dated
    from together
    group by patient_id, line
),
called as (
    select
        patient_id, line,
        ', ' || array_to_string(
            list_sort(list(cast(first_on as varchar) || ' ' || cast(n as varchar) || ' ' || said)), ', '
        ) as dated
    from response
    group by patient_id, line
),
-- Responses on imaging before the line, and PD among them on the line before: a scan of its first days may be the baseline,
-- and PD there closes what came before (A1). A scan after a progression that nobody called says nothing new.
before_line as (
    select
        line_of_therapy.patient_id, line_of_therapy.line, overall.response, overall.assessed_on,
        case
            when
                overall.response = 'PD'
                and coalesce(overall.assessed_on > before_it.started_on + study.scan_baseline_to_day, true)
                then 1
        end as is_pd_of_line_before,
        row_number() over (
            partition by line_of_therapy.patient_id, line_of_therapy.line
            order by overall.assessed_on desc nulls last, case when overall.response = 'PD' then 0 else 1 end nulls last,
                overall.source_key nulls last
        ) as place
    from line_of_therapy
    cross join study
    left join line_of_therapy as before_it
        on line_of_therapy.patient_id = before_it.patient_id and line_of_therapy.line = before_it.line + 1
    inner join overall_response as overall
        on
            line_of_therapy.patient_id = overall.patient_id and overall.response is not null
            and coalesce(overall.basis, 'imaging') = 'imaging'
            and overall.assessed_on <= line_of_therapy.started_on + study.scan_baseline_to_day
            and (
                overall.response = 'PD'
                or not (
                    coalesce(overall.is_baseline, false) or coalesce(overall.is_baseline_only, false)
                    or coalesce(overall.is_after_progression and overall.is_unassessed, false)
                )
            )
),
led_to as (
    select
        patient_id, line, count(is_pd_of_line_before) as n_pd, max(case when place = 1 then response end) as response,
        max(case when place = 1 then assessed_on end) as assessed_on
    from before_line
    group by patient_id, line
),
reason as (
    select patient_id, line, start_reason in ('imaging_progression', 'imaging_and_ctdna') as is_imaging
    from line_of_therapy
),
final as (
    select
        cast(line_of_therapy.patient_id as varchar) as patient_id,
        cast(line_of_therapy.line as integer) as line,
        cast(
            coalesce(
                substring(regexp_replace(in_order.dated, ' [|] [0-9]{4}-[0-9]{2}-[0-9]{2} ', ' | ', 'g'), 4),
                line_of_therapy.regimen
            ) as varchar
        ) as given_in_order,
        cast(accompanying.drugs as varchar) as accompanied_by,
        cast(line_of_therapy.start_reason as varchar) as start_reason,
        cast(
            case when reason.is_imaging then coalesce(led_to.n_pd, 0) = 0 else reason.is_imaging end as boolean
        ) as lacks_pd_before,
        cast(led_to.line is null as boolean) as lacks_response_before,
        cast(case when reason.is_imaging and led_to.n_pd > 0 then nullif(led_to.response, 'PD') end as varchar) as response_since_pd,
        cast(
            case when reason.is_imaging and led_to.n_pd > 0 and led_to.response <> 'PD' then led_to.assessed_on end as date
        ) as response_since_pd_on,
        cast(progression.progressed_on as date) as progressed_on,
        cast(assessment.assessed_on as date) as assessed_on,
        cast(coalesce(progressive.n_pd, 0) as bigint) as n_pd,
        cast(
            substring(regexp_replace(called.dated, ', [0-9]{4}-[0-9]{2}-[0-9]{2} ', ', ', 'g'), 3) as varchar
        ) as responses_called,
        cast(coalesce(scanned.n_called, 0) as bigint) as n_called,
        cast(scanned.pd_called_on as date) as pd_called_on,
        cast(case when scanned.line is null then baseline.named_on end as date) as only_baseline_on,
        -- Imaging nobody has assessed is no reason to say that there was no scan.
        cast(case when scanned.line is null then imaged.imaged_on end as date) as unassessed_on,
        cast(
            coalesce(line_of_therapy.is_ongoing, false) and summary.is_followed as boolean
        ) as may_follow,
        cast(
            case
                when
                    line_of_therapy.is_ongoing and summary.died_on is null
                    and (summary.is_withdrawn or silence.is_silent)
                    then summary.last_seen_on
            end as date
        ) as last_record_on,
        cast('treatment' as varchar) as source_table,
        cast(line_of_therapy.source_key as varchar) as source_key
    from line_of_therapy
    inner join patient_summary as summary on line_of_therapy.patient_id = summary.patient_id
    left join patient_silence as silence on line_of_therapy.patient_id = silence.patient_id
    left join in_order on line_of_therapy.patient_id = in_order.patient_id and line_of_therapy.line = in_order.line
    left join line_progression as progression
        on line_of_therapy.patient_id = progression.patient_id and line_of_therapy.line = progression.line
    left join assessment
        on line_of_therapy.patient_id = assessment.patient_id and line_of_therapy.line = assessment.line
    left join progressive
        on line_of_therapy.patient_id = progressive.patient_id and line_of_therapy.line = progressive.line
    left join baseline on line_of_therapy.patient_id = baseline.patient_id and line_of_therapy.line = baseline.line
    left join led_to on line_of_therapy.patient_id = led_to.patient_id and line_of_therapy.line = led_to.line
    left join reason on line_of_therapy.patient_id = reason.patient_id and line_of_therapy.line = reason.line
    left join called on line_of_therapy.patient_id = called.patient_id and line_of_therapy.line = called.line
    left join imaged on line_of_therapy.patient_id = imaged.patient_id and line_of_therapy.line = imaged.line
    left join accompanying_drug as accompanying
        on line_of_therapy.patient_id = accompanying.patient_id and line_of_therapy.line = accompanying.line
    left join scanned on line_of_therapy.patient_id = scanned.patient_id and line_of_therapy.line = scanned.line
)
select * from final
