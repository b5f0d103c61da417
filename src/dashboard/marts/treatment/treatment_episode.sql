-- One row per treatment: systemic courses, their dose steps and holds, and local treatments.
with deaths as (
    select patient_id, min(coalesce(died_on, contact_on)) as died_on from usable_contact
    where vital_status = 'dead' group by patient_id
),
known as (
    select
        t.patient_id, t.treatment_id, t.part_of, t.kind, t.intent, t.line as recorded_line, t.regimen,
        t.agents,
        t.started_on, case when t.ended_on <= p.observed_until then t.ended_on end as ended_on, t.is_ongoing,
        t.start_reason, t.stop_reason, t.dose, t.dose_unit, t.dose_level, t.modality, t.lesion_id, t.organ,
        t.total_dose_gy, t.fractions, t.dose_per_fraction_gy, t.row_key,
        t.kind in ('radiotherapy', 'ablation', 'surgery') as is_local, d.died_on
    from usable_treatment as t
    inner join usable_patient as p on t.patient_id = p.patient_id
    left join deaths as d on t.patient_id = d.patient_id and d.died_on <= p.observed_until
    where t.started_on <= p.observed_until
),
-- A recorded line wins; otherwise the greatest line that has started. Only systemic treatment belongs to one.
in_line as (
    select
        k.*, l.line, l.next_started_on,
        row_number() over (
            partition by k.patient_id, k.treatment_id
            order by case when l.line = k.recorded_line then 0 else 1 end nulls last,
                l.started_on desc nulls last, l.line desc nulls last
        ) as place
    from known as k
    left join line_of_therapy as l
        on k.patient_id = l.patient_id and (l.started_on <= k.started_on or l.line = k.recorded_line)
        and not k.is_local and coalesce(k.intent, 'unknown') not in ('adjuvant', 'neoadjuvant', 'supportive')
        and (k.recorded_line is not null or coalesce(k.intent, 'unknown') <> 'curative')
),
-- A course without a recorded end was given until the death, or at the latest until the next line began.
ending as (
    select
        *,
        case
            when is_local or ended_on is not null then 'RECORDED'
            when kind <> 'systemic' then null
            when not coalesce(is_ongoing, next_started_on is null) then 'NOT_RECORDED'
            when died_on is not null then 'DEATH'
        end as end_basis,
        -- A course that began after the next line did is not bounded by it.
        case
            when is_local or ended_on is not null then coalesce(ended_on, started_on)
            when kind <> 'systemic' then null
            when
                not coalesce(is_ongoing, false) and next_started_on > started_on
                and (died_on is null or next_started_on < died_on) then next_started_on
            when died_on < started_on then started_on
            else died_on
        end as until_on
    from in_line
    where place = 1
),
-- Agents stand sorted and joined by " + "; a drug the class table does not know has no class, and a
-- supportive drug beside others gives none. Few lists are written many times, so each is read once.
lists as (select distinct lower(agents) as agents from known where agents is not null),
classes as (
    select
        l.agents,
        array_to_string(list_sort(list(distinct c.drug_class)), ' + ') as every_class,
        array_to_string(list_sort(list(distinct case when c.opens_line then c.drug_class end)), ' + ')
            as opening_class,
        max(case when c.opens_line then 1 else 0 end) as n_opening
    from lists as l
    inner join drug_class as c on ' + ' || l.agents || ' + ' like '% + ' || c.agent || ' + %'
    group by l.agents
),
-- Biologically effective dose n x d x (1 + d / 10), alpha/beta 10 Gy (clinical-rules section 5.4), exact in
-- decimals; where only the total is recorded it leaves as whole centigray, rounded once.
doses as (
    select
        patient_id, treatment_id,
        cast(fractions * dose_per_fraction_gy * (10 + dose_per_fraction_gy) * 0.1 as decimal(20, 7))
            as bed10_gy,
        cast(total_dose_gy * 100 as bigint) as total_centigray
    from known
    where kind = 'radiotherapy' and fractions > 0
),
final as (
    select
        cast(i.patient_id as varchar) as patient_id,
        cast(i.treatment_id as varchar) as treatment_id,
        cast(i.kind as varchar) as kind,
        cast(i.intent as varchar) as intent,
        cast(case
            when i.recorded_line is not null or i.part_of is not null or coalesce(c.n_opening, 1) > 0
                then i.line
        end as integer) as line,
        cast(coalesce(i.regimen, i.agents, i.modality, i.kind) as varchar) as label,
        cast(i.agents as varchar) as agents,
        cast(coalesce(nullif(c.opening_class, ''), c.every_class) as varchar) as drug_class,
        cast(i.started_on as date) as started_on,
        cast(case when i.is_local then coalesce(i.ended_on, i.started_on) else i.ended_on end as date)
            as ended_on,
        cast(i.until_on as date) as until_on,
        cast(i.end_basis as varchar) as end_basis,
        cast(i.kind = 'systemic' and i.end_basis is null as boolean) as is_ongoing,
        cast(i.part_of as varchar) as part_of,
        cast(i.dose as decimal(12, 3)) as dose,
        cast(i.dose_unit as varchar) as dose_unit,
        cast(i.dose_level as integer) as dose_level,
        cast(i.start_reason as varchar) as start_reason,
        cast(i.stop_reason as varchar) as stop_reason,
        cast(i.lesion_id as varchar) as lesion_id,
        cast(i.modality as varchar) as modality,
        cast(i.organ as varchar) as organ,
        cast(i.total_dose_gy as decimal(7, 2)) as total_dose_gy,
        cast(i.fractions as integer) as fractions,
        cast(i.dose_per_fraction_gy as decimal(7, 3)) as dose_per_fraction_gy,
        cast(d.bed10_gy as decimal(20, 7)) as bed10_gy,
        cast(coalesce(
            cast(round(d.bed10_gy * 100, 0) as bigint),
            (2 * d.total_centigray * (1000 * i.fractions + d.total_centigray) + 1000 * i.fractions)
                // (2000 * i.fractions)
        ) as integer) as bed10_centigray,
        cast('treatment' as varchar) as source_table,
        cast(i.row_key as varchar) as source_key
    from ending as i
    left join classes as c on lower(i.agents) = c.agents
    left join doses as d on i.patient_id = d.patient_id and i.treatment_id = d.treatment_id
)
select * from final
