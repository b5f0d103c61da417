-- One row per patient: the baseline draw, mean tumour molecules per mL. Zero molecules are not detected, without a number.
with measured as (
    select *, cast("baseline_ctdna" as double) = 0 as is_zero from source.clinical
),
final as (
    select
        "id" as patient_id,
        "id" || ' baseline' as sample_id,
        'baseline' as draw,
        '0' as collected_on,
        case when is_zero then 'not_detected' else 'detected' end as status,
        'molecules_per_ml' as quantity_kind,
        case when not is_zero then "baseline_ctdna" end as quantity_value,
        source_file,
        source_row
    from measured
)
select * from final
