-- One row per visit of SV.
-- from: sv
-- otherwise: no_date
with final as (
    select
        "USUBJID" as patient_id,
        "SVSTDTC" as visit_on,
        "VISIT" as visit,
        case when upper("SVOCCUR") = 'N' then 'false' else 'true' end as has_occurred,
        source_file,
        source_row
    from source.sv where "SVSTDTC" is not null
)
select * from final
