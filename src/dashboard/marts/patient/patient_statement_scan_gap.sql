-- One row per patient and thing that is not known of scans: a response owed, one not read so far, none reported, a sum.
with unanswered as (
    select
        patient_id, opens_on as imaged_on, source_table, source_key, count(*) over (partition by patient_id) as n,
        row_number() over (partition by patient_id order by opens_on desc nulls last, source_key nulls last) as place
    from follow_up
    where item = 'response' and state = 'OVERDUE'
),

-- A scan after the last assessment, or the only one, that nobody has assessed so far; an overdue one is said above.
unread as (
    select
        summary.patient_id, summary.unread_imaging_on, summary.unread_baseline_of_line, scan.row_key,
        row_number() over (partition by summary.patient_id order by scan.row_key nulls last) as place
    from patient_summary as summary
    inner join usable_imaging as scan
        on summary.patient_id = scan.patient_id and summary.unread_imaging_on = scan.imaged_on
    left join unanswered
        on
            summary.patient_id = unanswered.patient_id and unanswered.place = 1
            and summary.unread_imaging_on = unanswered.imaged_on
    where unanswered.patient_id is null
),

-- The last scan, where the treating team reports responses and has reported none to it.
unreported as (
    select
        response.patient_id, response.assessed_on, response.calculated,
        response.calculated || case when response.is_from_parts then ' from the parts reported' else ' calculated' end as said,
        response.source_table, response.source_key,
        row_number() over (
            partition by response.patient_id
            order by response.assessed_on desc nulls last, response.assessor nulls last, response.source_key nulls last
        ) as place,
        max(case when response.reported is not null then response.assessed_on end) over (
            partition by response.patient_id
        ) as last_reported_on
    from overall_response as response
    where coalesce(response.basis, 'imaging') = 'imaging' and not coalesce(response.is_baseline, false)
        and not response.is_baseline_only
),

incomplete as (
    select
        patient_id, assessed_on, n_measured, n_targets, source_table, source_key, is_complete,
        row_number() over (partition by patient_id order by assessed_on desc nulls last) as place
    from target_response
),

statement as (
    select
        patient_id, 30 as place, 'RESPONSE_MISSING' as statement,
        case when n > 1 then 'RESPONSE_MISSING_MANY' else 'RESPONSE_MISSING' end as rule, imaged_on as day_on, n,
        cast(null as bigint) as n_of, cast(null as varchar) as label, source_table, source_key
    from unanswered where place = 1
    union all
    select
        patient_id, 30, 'IMAGING_UNREAD',
        case when unread_baseline_of_line is null then 'IMAGING_UNREAD' else 'IMAGING_UNREAD_BASELINE' end,
        unread_imaging_on, null, null,
        case
            when unread_baseline_of_line = 0 then 'before local treatment'
            else 'of line ' || cast(unread_baseline_of_line as varchar)
        end,
        'imaging', row_key
    from unread where place = 1
    union all
    select
        unreported.patient_id, 31, 'RESPONSE_UNREPORTED',
        case
            when study.response_mode = 'post_local_therapy' then 'RESPONSE_UNREPORTED_LOCAL' else 'RESPONSE_UNREPORTED'
        end,
        unreported.assessed_on, null, null,
        case when study.response_mode <> 'post_local_therapy' then unreported.said end, unreported.source_table,
        unreported.source_key
    from unreported
    cross join study
    where
        place = 1 and last_reported_on < assessed_on
        and (
            calculated is not null
            or (study.response_mode = 'post_local_therapy' and unreported.source_table = 'lesion')
        )
    union all
    select
        patient_id, 32, 'SUM_INCOMPLETE', 'SUM_INCOMPLETE', assessed_on, coalesce(n_measured, 0), n_targets,
        null, source_table, source_key
    from incomplete where place = 1 and not is_complete and n_targets > 0
),

final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(statement as varchar) as statement,
        cast(place as integer) as place,
        cast(rule as varchar) as rule,
        cast(day_on as date) as day_on,
        cast(n as bigint) as n,
        cast(n_of as bigint) as n_of,
        cast(label as varchar) as label,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from statement
)

select * from final
