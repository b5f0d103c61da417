-- One row per mark of the patient: enrolment, death, clinical progression, biopsy, last observed day.
-- Of several sources on one day an assessment comes before a treatment that was stopped.
with dated as (
    select
        milestone.*,
        row_number() over (
            partition by patient_id, kind, occurred_on
            order by source_table nulls last, source_key desc nulls last, detail desc nulls last
        ) as place
    from milestone
    where kind in ('enrolment', 'death', 'clinical_progression')
),
withdrawal as (
    select distinct patient_id from milestone where kind = 'withdrawal'
),
transfer as (
    select patient_id, transferred_on from patient_summary where transferred_on is not null
),
-- Tests on tissue other than histology and immunohistochemistry name a gene or a genomic signature.
specimen_test as (
    select
        patient_id, taken_on, specimen, row_key,
        case
            when test not in ('er', 'pr', 'her2', 'her2_ish', 'ki67', 'pdl1_tps', 'histology', 'mmr') then upper(test)
        end as gene_test
    from usable_pathology where taken_on is not null
),
event as (
    select
        patient_id, 'MARK' as panel, upper(kind) as kind,
        kind || ' ' || cast(occurred_on as varchar) as event_key, occurred_on, cast(null as date) as ended_on,
        cast(null as boolean) as is_ongoing, cast(null as integer) as line, cast(null as varchar) as label,
        cast(null as varchar) as code, detail, cast(null as decimal(28, 12)) as value_sum,
        cast(null as bigint) as value_n, source_table, source_key
    from dated where place = 1
    union all
    select
        patient.patient_id, 'MARK', 'OBSERVED_UNTIL', 'observed_until', patient.observed_until, null, null, null,
        null,
        case
            when withdrawal.patient_id is not null then 'WITHDREW' when transfer.patient_id is not null then 'TRANSFERRED'
        end,
        cast(transfer.transferred_on as varchar), null, null, 'patient',
        patient.row_key
    from usable_patient as patient
    left join withdrawal on patient.patient_id = withdrawal.patient_id
    left join transfer on patient.patient_id = transfer.patient_id
    union all
    select
        patient_id, 'MARK', 'BIOPSY', 'biopsy ' || cast(taken_on as varchar), taken_on, null, null, null,
        max(specimen), case when count(gene_test) > 0 then 'GENES_TESTED' end,
        nullif(array_to_string(list_sort(list(distinct gene_test)), ', '), ''), null, null, 'pathology', min(row_key)
    from specimen_test group by patient_id, taken_on
),
final as (
    select
        cast(event.patient_id as varchar) as patient_id,
        cast(event.panel as varchar) as panel,
        cast(event.kind as varchar) as kind,
        cast(event.event_key as varchar) as event_key,
        cast(event.occurred_on as date) as occurred_on,
        cast(event.ended_on as date) as ended_on,
        cast(event.is_ongoing as boolean) as is_ongoing,
        cast(event.line as integer) as line,
        cast(event.label as varchar) as label,
        cast(event.code as varchar) as code,
        cast(event.detail as varchar) as detail,
        cast(event.value_sum as decimal(28, 12)) as value_sum,
        cast(event.value_n as bigint) as value_n,
        cast(event.source_table as varchar) as source_table,
        cast(event.source_key as varchar) as source_key
    from event
    inner join usable_patient as patient on event.patient_id = patient.patient_id
    where event.occurred_on <= patient.observed_until
)
select * from final
