-- One row per pathology report that names the histology of an invasive cancer.
with final as (
    select
        "record_id" as patient_id,
        'procedure ' || "path_proc_number" || ' report ' || "path_rep_number" as specimen,
        "path_proc_int" as taken_on,
        'histology' as test,
        "path_ca_hist1" as result,
        source_file,
        source_row
    from source.report where "path_ca_hist1" is not null
)
select * from final
