-- One row per systemic course and drug in it.
with lists as (select distinct agents from systemic_course),
-- Single drugs: those of the class table, and whatever the courses name alone or the table does not know.
drugs as (
    select agent, drug_class, opens_line, is_oral, substitution_group from drug_class
    union all
    select l.agents, cast(null as varchar), true, false, cast(null as varchar)
    from lists as l
    left join drug_class as c on l.agents = c.agent
    where c.agent is null and l.agents not like '% + %'
),
-- Drugs are looked for in the different lists, not in every course: few lists are written many times.
listed as (
    select l.agents, d.agent, d.drug_class, d.is_oral, d.substitution_group, d.opens_line
    from lists as l
    left join drugs as d on ' + ' || l.agents || ' + ' like '% + ' || d.agent || ' + %'
),
final as (
    select
        cast(c.patient_id as varchar) as patient_id,
        cast(coalesce(l.agent, l.agents) as varchar) as agent,
        cast(l.drug_class as varchar) as drug_class,
        cast(l.substitution_group as varchar) as substitution_group,
        cast(coalesce(l.is_oral, false) as boolean) as is_oral,
        cast(case when l.agent is null then true else l.opens_line end as boolean) as opens_line,
        cast('treatment' as varchar) as source_table,
        cast(c.source_key as varchar) as source_key
    from systemic_course as c
    inner join listed as l on c.agents = l.agents
)
select * from final
