-- One row per later treatment; one operation has no end. A patient may have several of one kind.
with course as (
    select 'chemotherapy' as regimen, 'systemic' as kind, * from source.chemotherapy
    union all by name
    select 'immunochemotherapy' as regimen, 'systemic' as kind, * from source.combination
    union all by name
    select 'immunotherapy' as regimen, 'systemic' as kind, * from source.immunotherapy
    union all by name
    select 'surgery' as regimen, 'surgery' as kind, *, "Start" as "End" from source.surgery
),
final as (
    select
        "Patient_ID" as patient_id,
        regimen || ' ' || "Start" as treatment_id,
        kind,
        regimen,
        "Start" as started_on,
        "End" as ended_on,
        case when "End" = 'inf' then 'true' else 'false' end as is_ongoing,
        source_file,
        source_row
    from course
)
select * from final
