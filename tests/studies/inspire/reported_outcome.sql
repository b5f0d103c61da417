-- One row per patient and outcome the source reports: times in months, responses, changes in the unit of the name.
with final as (
    select
        "id" as patient_id, 'OS' as outcome, "os_time" as time_value, 'month' as time_unit,
        "os_status" as event_observed, cast(null as varchar) as value, source_file, source_row
    from source.clinical
    union all
    select "id", 'PFS', "pfs_time", 'month', "pfs_status", null, source_file, source_row from source.clinical
    union all
    select "id", 'OBJECTIVE_RESPONSE', null, null, null, "orr", source_file, source_row from source.clinical
    union all
    select "id", 'CLINICAL_BENEFIT', null, null, null, "cbr", source_file, source_row from source.clinical
    union all
    select "PATIENT_ID", 'OS_SINCE_C3', "OSTIME_Months_since_C3", 'month', "OSevent", null, source_file, source_row
    from source.os_since_c3
    union all
    select "PATIENT_ID", 'PFS_SINCE_C3', "PFSTIME_Months_since_C3", 'month', "PFSevent", null, source_file, source_row
    from source.pfs_since_c3
    union all
    select "PATIENT_ID", 'BOR', null, null, null, "BEST_OVERALL_RECIST", source_file, source_row from source.best
    union all
    select "PATIENT_ID", 'BEST_TARGET_CHANGE_PERCENT', null, null, null, "BEST_RECIST_TM_TARGET", source_file, source_row
    from source.best
    union all
    select
        "PATIENT_ID", 'EARLY_TARGET_CHANGE_PERCENT', null, null, null, "TARGETED_LESION_TM_EARLY", source_file, source_row
    from source.early
    union all
    select "PATIENT_ID", 'CTDNA_CHANGE_C3_RATIO', null, null, null, "change_ctDNA", source_file, source_row
    from source.early where "change_ctDNA" is not null
)
select * from final
