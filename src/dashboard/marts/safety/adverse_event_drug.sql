-- One row per adverse event and drug it is related to, by the investigator's word; the event may name several.
with related as (
    select
        patient_id, event_key,
        replace(replace(replace(replace(replace(replace(
            related_to, '、', ' + '), '，', ' + '), ', ', ' + '), '; ', ' + '), ' and ', ' + '), ' / ', ' + ') as agents
    from adverse_event_report
    where relatedness = 'RELATED'
),
lists as (select distinct agents from related where agents is not null),
listed as (
    select l.agents, d.agent, d.drug_class
    from lists as l
    left join drug_class as d on ' + ' || l.agents || ' + ' like '% + ' || d.agent || ' + %'
),
found as (
    select distinct
        r.patient_id, r.event_key, coalesce(l.agent, r.agents, 'NOT_NAMED') as agent, l.drug_class
    from related as r
    left join listed as l on r.agents = l.agents
),
final as (
    select
        cast(f.patient_id as varchar) as patient_id,
        cast(f.event_key as varchar) as event_key,
        cast(f.agent as varchar) as agent,
        cast(f.drug_class as varchar) as drug_class,
        cast(case
            when f.agent = 'NOT_NAMED' then 'NOT_NAMED'
            when f.drug_class = s.key_class then 'KEY_CLASS'
            when f.drug_class = 'endocrine' then 'ENDOCRINE'
            else 'OTHER'
        end as varchar) as drug_group,
        cast('AE_RELATED_DRUG' as varchar) as rule,
        cast('adverse_event' as varchar) as source_table,
        cast(f.event_key as varchar) as source_key
    from found as f
    cross join study as s
)
select * from final
