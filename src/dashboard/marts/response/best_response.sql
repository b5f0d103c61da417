-- One row per patient, line and response setting (line 0: from the first local treatment).
with settings as (
    select
        r.setting_id, r.source, r.reference, r.confirm_days, r.stable_days, r.ne_severity, r.response_if_none,
        coalesce(r.max_ne, 0) as max_ne, coalesce(r.max_sd, 0) as max_sd,
        coalesce(r.assessor, s.response_assessor) as assessor,
        coalesce(r.assessor = s.response_assessor, r.assessor is null) as is_study_assessor,
        coalesce(s.response_mode = 'post_local_therapy', false) as is_after_local
    from response_setting as r
    cross join study as s
    where r.mode is null or r.mode = s.response_mode
),
placed as (
    select
        b.patient_id, b.line, b.started_on, b.next_started_on, b.baseline_on, p.randomised_on, p.enrolled_on,
        row_number() over (
            partition by b.patient_id order by b.started_on nulls last, b.line nulls last
        ) = 1 as is_first
    from line_baseline as b
    inner join usable_patient as p on b.patient_id = p.patient_id
),
dated as (
    select
        l.*, s.setting_id, s.source, s.reference, s.confirm_days, s.stable_days, s.ne_severity,
        s.response_if_none, s.assessor, s.is_study_assessor, s.is_after_local,
        case s.reference when 'randomisation' then l.randomised_on when 'enrolment' then l.enrolled_on end
            as asked_on
    from placed as l
    inner join settings as s on (l.line = 0) = (coalesce(s.reference, 'line_start') = 'local_therapy')
),
-- A reference inside the line replaces its start; for the first line it may also lie before the start.
referred as (
    select
        *,
        case
            when asked_on is null or asked_on >= next_started_on then started_on
            when is_first or asked_on >= started_on then asked_on
            else started_on
        end as reference_on
    from dated
),
-- Only days with several records need the worst of them: ranking every record would be the slowest step.
shared_days as (
    select patient_id, assessed_on from overall_response where basis = 'imaging'
    group by patient_id, assessed_on having count(*) > 1
),
scans as (
    select o.*, d.patient_id is not null as is_shared
    from overall_response as o
    left join shared_days as d on o.patient_id = d.patient_id and o.assessed_on = d.assessed_on
    -- A scan that a line is measured from, to which nobody reported a response, answers for no line (A1).
    where o.basis = 'imaging' and not o.is_baseline_only
),
-- Line 2 and later start after the scan that ended the line before, so their lower bound is strict.
candidates as (
    select
        l.patient_id, l.line, l.setting_id, l.reference_on, l.ne_severity, o.assessed_on, o.assessor,
        o.has_ne, o.source_table, o.source_key, o.is_shared,
        case
            -- Reported parts that the tables only join are no calculation to set beside the report.
            when l.source = 'calculated' then case when not o.is_from_parts then o.calculated end
            -- As assessed (A13): parts that the tables only join were assessed, and so were lesions after local
            -- therapy (A5). What nobody assessed counts only in a setting that says so.
            when
                l.is_study_assessor and (l.source = 'reported_else_calculated' or o.is_from_parts or l.is_after_local)
                then coalesce(o.reported, o.calculated)
            else o.reported
        end as response
    from referred as l
    inner join scans as o on l.patient_id = o.patient_id
        and o.assessed_on >= l.reference_on and (l.is_first or o.assessed_on > l.started_on)
        and (l.baseline_on is null or o.assessed_on > l.baseline_on)
        and (l.next_started_on is null or o.assessed_on <= l.next_started_on)
        and (
            l.assessor is null or o.assessor = l.assessor
            or (l.is_study_assessor and o.assessor = 'CALCULATED')
        )
),
-- One record a date, the worst; a setting says whether NE ranks as worst or as least.
ranked as (
    select
        *,
        row_number() over (
            partition by patient_id, line, setting_id, assessed_on
            order by case
                when ne_severity = 'worst' and (response = 'NE' or has_ne) then 0
                when response = 'PD' then 1 when response = 'EQUIVOCAL' then 2
                when response = 'NON-CR/NON-PD' then 3 when response = 'SD' then 4 when response = 'PR' then 5
                when response = 'CR' then 6 when response = 'NED' then 7 else 8
            end nulls last, source_key nulls last, assessor nulls last
        ) as place
    from candidates
    where is_shared and response is not null
),
chosen as (
    select
        patient_id, line, setting_id, reference_on, ne_severity, assessed_on, source_table, source_key, has_ne, response
    from candidates where not is_shared and response is not null
    union all
    select
        patient_id, line, setting_id, reference_on, ne_severity, assessed_on, source_table, source_key, has_ne, response
    from ranked where place = 1
),
daily as (
    select
        patient_id, line, setting_id, reference_on, assessed_on, source_table, source_key,
        case when ne_severity = 'worst' and has_ne then 'NE' else response end as response
    from chosen
),
-- Running counts make what lies between two records a difference. One window for all: sorting costs most.
running as (
    select
        *,
        row_number() over so_far as n,
        count(case when response = 'PD' then 1 end) over so_far as n_pd,
        count(case when response = 'NE' then 1 end) over so_far as n_ne,
        count(case when response = 'SD' then 1 end) over so_far as n_sd,
        count(case when response not in ('CR', 'NE') then 1 end) over so_far as n_not_cr,
        count(case when response not in ('CR', 'PR', 'SD', 'NE') then 1 end) over so_far as n_other,
        max(case when response = 'CR' then assessed_on end) over so_far as last_cr_on
    from daily
    window so_far as (
        partition by patient_id, line, setting_id order by assessed_on nulls last, source_key nulls last
        rows between unbounded preceding and current row
    )
),
-- What follows the first progression is no longer part of the best response.
kept as (select * from running where n_pd = 0 or (n_pd = 1 and response = 'PD')),
relapsing as (
    select
        k.*, s.confirm_days, s.max_ne, s.max_sd,
        max(case when k.response = 'PR' then k.last_cr_on end) over (
            partition by k.patient_id, k.line, k.setting_id order by k.n nulls last
            rows between unbounded preceding and current row
        ) as cr_before_pr_on
    from kept as k
    inner join settings as s on k.setting_id = s.setting_id
    where s.confirm_days is not null
),
-- Confirmation (clinical-rules sections 1.6 and 1.7): CR by a CR with only CR and NE between; PR by a CR
-- or PR with CR, PR, NE and the allowed SD between, and no PR after a CR.
confirmed as (
    select a.patient_id, a.line, a.setting_id, a.n, min(b.assessed_on) as confirmed_on
    from relapsing as a
    inner join relapsing as b
        on a.patient_id = b.patient_id and a.line = b.line and a.setting_id = b.setting_id and b.n > a.n
        and date_diff('day', a.assessed_on, b.assessed_on) >= a.confirm_days
        and b.n_ne - a.n_ne <= a.max_ne
    where (a.response = 'CR' and b.response = 'CR' and b.n_not_cr = a.n_not_cr)
        or (
            a.response = 'PR' and b.response in ('CR', 'PR') and b.n_other = a.n_other
            and b.n_sd - a.n_sd <= a.max_sd and coalesce(b.cr_before_pr_on <= a.assessed_on, true)
        )
    group by a.patient_id, a.line, a.setting_id, a.n
),
-- Each record as the best response it can stand for, best first; of equals the earliest.
standing as (
    select
        r.patient_id, r.line, r.setting_id, r.n, r.assessed_on, r.source_table, r.source_key, c.confirmed_on,
        date_diff('day', r.reference_on, r.assessed_on) as days_from_reference,
        case
            when r.response = 'CR' and (s.confirm_days is null or c.n is not null) then 'BEST_CR'
            when r.response = 'PR' and (s.confirm_days is null or c.n is not null) then 'BEST_PR'
            when r.response = 'PD' then 'BEST_PD'
            when r.response in ('NE', 'EQUIVOCAL') then 'BEST_NE'
            -- The least time is that of stable disease; no evidence of disease after local therapy needs none.
            when r.line = 0 and r.response = 'NED' then 'BEST_NED'
            when coalesce(date_diff('day', r.reference_on, r.assessed_on) < s.stable_days, false)
                then 'BEST_NE_TOO_EARLY'
            when r.response in ('CR', 'PR') then 'BEST_SD_UNCONFIRMED'
            when r.response = 'SD' then 'BEST_SD'
            when r.response = 'NON-CR/NON-PD' then 'BEST_NON_CR_NON_PD'
            else 'BEST_NED'
        end as rule
    from kept as r
    inner join settings as s on r.setting_id = s.setting_id
    left join confirmed as c
        on r.patient_id = c.patient_id and r.line = c.line and r.setting_id = c.setting_id and r.n = c.n
),
best as (
    select
        *,
        count(*) over (partition by patient_id, line, setting_id) as n_assessments,
        row_number() over (
            partition by patient_id, line, setting_id
            order by case
                when rule = 'BEST_CR' then 1 when rule = 'BEST_PR' then 2
                when rule in ('BEST_SD', 'BEST_SD_UNCONFIRMED') then 3 when rule = 'BEST_NON_CR_NON_PD' then 4
                when rule = 'BEST_NED' then 5 when rule = 'BEST_PD' then 6 else 7
            end nulls last, n nulls last
        ) as place,
        -- The first CR or PR that counts, not the first of the best: PR and later CR is one response from the PR on
        -- (clinical-rules section 1.8, DoR: the first of the confirmed pair).
        first_value(assessed_on) over responses_first as objective_response_on,
        first_value(source_table) over responses_first as objective_response_source_table,
        first_value(source_key) over responses_first as objective_response_source_key
    from standing
    window responses_first as (
        partition by patient_id, line, setting_id
        order by case when rule in ('BEST_CR', 'BEST_PR') then 0 else 1 end nulls last, n nulls last
    )
),
-- The last scan with a response that answers for the line, whoever called it.
called as (
    select l.patient_id, l.line, max(o.assessed_on) as assessed_on
    from placed as l
    inner join overall_response as o
        on l.patient_id = o.patient_id and (l.next_started_on is null or o.assessed_on <= l.next_started_on)
    where o.basis = 'imaging' and o.response is not null
    group by l.patient_id, l.line
),
final as (
    select
        cast(l.patient_id as varchar) as patient_id,
        cast(l.line as integer) as line,
        cast(l.setting_id as varchar) as setting_id,
        cast(case
            when b.rule is null then coalesce(l.response_if_none, 'MISSING')
            when b.rule = 'BEST_NON_CR_NON_PD' then 'NON-CR/NON-PD'
            when b.rule like 'BEST_SD%' then 'SD'
            when b.rule = 'BEST_NE_TOO_EARLY' then 'NE'
            else replace(b.rule, 'BEST_', '')
        end as varchar) as response,
        cast(b.assessed_on as date) as responded_on,
        cast(b.confirmed_on as date) as confirmed_on,
        cast(case when c.assessed_on > b.assessed_on then c.assessed_on end as date) as last_scan_on,
        cast(coalesce(b.n_assessments, 0) as integer) as n_assessments,
        cast(l.reference_on as date) as reference_on,
        cast(b.days_from_reference as integer) as days_from_reference,
        cast(l.confirm_days as integer) as confirm_days,
        cast(l.stable_days as integer) as stable_days,
        cast(coalesce(b.rule, 'BEST_MISSING') as varchar) as rule,
        cast(coalesce(b.source_table, 'response') as varchar) as source_table,
        cast(b.source_key as varchar) as source_key,
        cast(case when b.rule in ('BEST_CR', 'BEST_PR') then b.objective_response_on end as date)
            as objective_response_on,
        cast(case when b.rule in ('BEST_CR', 'BEST_PR') then b.objective_response_source_table end as varchar)
            as objective_response_source_table,
        cast(case when b.rule in ('BEST_CR', 'BEST_PR') then b.objective_response_source_key end as varchar)
            as objective_response_source_key
    from referred as l
    left join best as b
        on l.patient_id = b.patient_id and l.line = b.line and l.setting_id = b.setting_id and b.place = 1
    left join called as c on l.patient_id = c.patient_id and l.line = c.line
)
select * from final
