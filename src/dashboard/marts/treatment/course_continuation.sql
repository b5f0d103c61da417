-- One row per systemic course and earlier course that it continues.
with courses as (
    select h.*, k.ended_on, k.may_go_on, k.start_reason, k.intent
    from course_history as h
    inner join systemic_course as k on h.patient_id = k.patient_id and h.source_key = k.source_key
),
pairs as (
    select
        c.patient_id, c.source_key, c.start_reason, c.intent, c.n_drugs, c.has_key_class, c.has_endocrine,
        p.source_key as earlier_key, p.started_on as earlier_started_on, p.ended_on as earlier_ended_on,
        p.n_drugs as earlier_n_drugs, p.has_key_class as earlier_has_key_class,
        p.has_endocrine as earlier_has_endocrine, p.has_chemotherapy as earlier_has_chemotherapy,
        c.n_pd <= p.n_pd_settled as is_without_pd,
        coalesce(c.class_given_before_on < p.started_on, true) as is_class_new,
        date_diff(
            'day', coalesce(p.ended_on, case when p.may_go_on then c.started_on else p.started_on end),
            c.started_on
        ) as gap_days,
        date_diff('day', c.last_dose_before_on, c.started_on) as line_gap_days,
        date_diff('day', p.started_on, c.started_on) as days_apart,
        case when c.is_oral then s.line_gap_oral_days else s.line_gap_days end as max_gap_days,
        s.line_gap_days as max_maintenance_days, s.line_combination_days, s.switch_gap_days, s.add_on_days
    from courses as c
    cross join study as s
    inner join courses as p on c.patient_id = p.patient_id
        and (p.started_on < c.started_on or (p.started_on = c.started_on and p.source_key < c.source_key))
),
-- How each drug of a course relates to those of the earlier course.
related as (
    select
        p.patient_id, p.source_key, p.earlier_key, a.agent,
        max(case when b.agent = a.agent then 1 else 0 end) as is_same,
        max(case
            when b.agent = a.agent or b.substitution_group = a.substitution_group
                or (a.drug_class = s.key_class and b.drug_class = s.key_class) then 1
            else 0
        end) as is_replacing,
        max(case when b.agent = a.agent or a.drug_class = 'endocrine' then 1 else 0 end) as is_same_or_partner
    from pairs as p
    cross join study as s
    inner join course_drug as a
        on p.patient_id = a.patient_id and p.source_key = a.source_key and a.opens_line
    inner join course_drug as b
        on p.patient_id = b.patient_id and p.earlier_key = b.source_key and b.opens_line
    group by p.patient_id, p.source_key, p.earlier_key, a.agent
),
shared as (
    select
        patient_id, source_key, earlier_key, cast(sum(is_same) as bigint) as n_same,
        cast(sum(is_replacing) as bigint) as n_replacing,
        cast(sum(is_same_or_partner) as bigint) as n_same_or_partner
    from related
    group by patient_id, source_key, earlier_key
),
-- Why a course continues an earlier one (clinical-rules 5.3, clinical-decisions A14); first match wins.
judged as (
    select
        p.*,
        case
            when n_same = n_drugs and n_same = earlier_n_drugs and line_gap_days <= max_gap_days
                then 'CONTINUES_SAME_DRUGS'
            when not is_without_pd then null
            when n_same = n_drugs and line_gap_days <= max_gap_days then 'CONTINUES_FEWER_DRUGS'
            when n_replacing = n_drugs and gap_days <= switch_gap_days then 'CONTINUES_SWITCH_IN_CLASS'
            when has_key_class and not earlier_has_key_class and earlier_has_endocrine
                and not earlier_has_chemotherapy and is_class_new and gap_days <= line_combination_days
                then case
                    when days_apart <= add_on_days then 'CONTINUES_CLASS_ADDED'
                    else 'CONTINUES_CLASS_ADDED_LATE'
                end
            when has_key_class and not earlier_has_key_class and earlier_has_chemotherapy
                and gap_days <= switch_gap_days then 'CONTINUES_INDUCTION_MAINTENANCE'
            when earlier_has_key_class and has_endocrine and n_same_or_partner = n_drugs
                and gap_days <= switch_gap_days
                then case
                    when start_reason in ('ctdna_detection', 'rising_marker', 'imaging_and_ctdna')
                        then 'CONTINUES_CTDNA_GUIDED_SWITCH'
                    else 'CONTINUES_PARTNER_CHANGED'
                end
            when intent = 'maintenance' and line_gap_days <= max_maintenance_days then 'CONTINUES_MAINTENANCE'
        end as rule
    from pairs as p
    inner join shared as d
        on p.patient_id = d.patient_id and p.source_key = d.source_key and p.earlier_key = d.earlier_key
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(earlier_started_on as date) as earlier_started_on,
        cast(earlier_ended_on as date) as earlier_ended_on,
        cast(days_apart as integer) as days_apart,
        cast(gap_days as integer) as gap_days,
        cast(line_gap_days as integer) as line_gap_days,
        cast(rule as varchar) as rule,
        cast('treatment' as varchar) as source_table,
        cast(source_key as varchar) as source_key,
        cast(earlier_key as varchar) as earlier_key
    from judged
    where rule is not null
)
select * from final
