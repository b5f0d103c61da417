-- One row per patient and outcome the source reports. PFS2 has no event column: it is the time of the second event.
with final as (
    select
        "Patient_ID" as patient_id, 'PFS' as outcome, "PFS" as time_value, 'month' as time_unit,
        '30.5' as days_per_month, "PFS_event" as event_observed, source_file, source_row
    from source.characteristics
    union all
    select "Patient_ID", 'PFS2', "PFS2", 'month', '30.5', '1', source_file, source_row
    from source.characteristics where "PFS2" is not null
    union all
    select "Patient_ID", 'OS', "OS", 'month', '30.5', "OS_event", source_file, source_row
    from source.characteristics
)
select * from final
