-- One row per patient without an examination in the baseline window of the line the study follows, or of the first local
-- treatment where the study counts from that.
with seen as (
    select patient_id, imaged_on as seen_on from imaging
    union all
    select patient_id, assessed_on from lesion
),

index_line as (
    select summary.patient_id, line.started_on, line.source_table, line.source_key
    from patient_summary as summary
    inner join line_of_therapy as line on summary.patient_id = line.patient_id and summary.index_line = line.line
    inner join study on study.index_origin = 'line'
    union all
    select local_course.patient_id, local_course.started_on, local_course.source_table, local_course.source_key
    from local_course
    inner join study on study.index_origin = 'local_therapy'
    where local_course.course = 1
),

final as (
    select
        index_line.source_table as table_name,
        index_line.source_key as row_key,
        'started_on' as column_name,
        index_line.patient_id,
        cast(index_line.started_on as varchar) as value_text
    from index_line
    cross join study
    left join seen
        on
            index_line.patient_id = seen.patient_id
            and seen.seen_on between
            index_line.started_on + study.scan_baseline_from_day and index_line.started_on + study.scan_baseline_to_day
    where seen.patient_id is null and exists (select 1 from seen as other)
)

select * from final
