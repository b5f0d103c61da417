-- One row per patient and tissue test: PD-L1 in per cent, and the logarithm of TMB as the source gives it.
with final as (
    select "id" as patient_id, 'pdl1' as test, "pdl1" as result, "pdl1" as value_percent, source_file, source_row
    from source.clinical where "pdl1" is not null
    union all
    select "id", 'tmb_log', "tmb", cast(null as varchar), source_file, source_row
    from source.clinical
)
select * from final
