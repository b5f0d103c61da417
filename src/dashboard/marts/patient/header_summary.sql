-- One row per patient: what the header names beside the patient's summary, of the last two valid draws, of the state of
-- ctDNA and of the latest line.
with draw as (
    select
        patient_id, sample_id, quantity_kind, level_metric, lod_ppm,
        row_number() over (partition by patient_id order by draw_no desc nulls last) as place
    from ctdna_level
    where is_valid
),

-- Of a rise what it is over, and where two levels are of different variants these, as the first statement names them.
said as (
    select
        said.patient_id, said.other_level_sum, said.other_level_n, basis.other_lod_ppm, basis.variant_rule,
        basis.level_variant, basis.other_level_variant
    from patient_statement as said
    left join patient_statement_basis as basis
        on said.patient_id = basis.patient_id and said.kind = basis.kind and said.rule = basis.rule
    where said.statement = 'CTDNA_STATE'
),

not_known as (
    select patient_id, count(*) as n from patient_statement where kind = 'UNKNOWN' group by patient_id
),

final as (
    select
        cast(summary.patient_id as varchar) as patient_id,
        cast(last_draw.level_metric as varchar) as last_level_metric,
        cast(previous_draw.quantity_kind as varchar) as previous_quantity_kind,
        cast(previous_draw.level_metric as varchar) as previous_level_metric,
        cast(previous_draw.lod_ppm as decimal(10, 3)) as previous_lod_ppm,
        cast(on_line.course as varchar) as ctdna_line_course,
        cast(on_line.falling_days as integer) as ctdna_falling_days,
        cast(on_line.lowest_line as integer) as ctdna_lowest_line,
        cast(on_line.line as integer) as ctdna_line,
        cast(on_line.is_after_line as boolean) as ctdna_is_after_line,
        cast(case when summary.ctdna_direction = 'RISING' then said.other_level_sum end as decimal(28, 12))
            as ctdna_lowest_level_sum,
        cast(case when summary.ctdna_direction = 'RISING' then said.other_level_n end as bigint) as ctdna_lowest_level_n,
        cast(case when summary.ctdna_direction = 'RISING' then said.other_lod_ppm end as decimal(10, 3))
            as ctdna_lowest_lod_ppm,
        cast(state.reference as varchar) as ctdna_reference,
        cast(coalesce(basis.origin_rule, basis.level_rule) as varchar) as last_origin_rule,
        cast(case when said.variant_rule is not null then said.level_variant end as varchar) as last_level_variant,
        cast(case when said.variant_rule is not null then said.other_level_variant end as varchar) as other_level_variant,
        cast(
            case
                when said.variant_rule = 'BASIS_LEVEL_VARIANT_REFERENCE' then state.reference
                when said.variant_rule is not null and summary.ctdna_direction = 'RISING' then 'LOWEST'
                when said.variant_rule is not null then 'PREVIOUS'
            end as varchar
        ) as other_level_of,
        cast(line.start_reason as varchar) as line_start_reason,
        cast(coalesce(line.lacks_pd_before, false) as boolean) as line_lacks_pd_before,
        cast(line.response_since_pd as varchar) as line_response_since_pd,
        cast(line.response_since_pd_on as date) as line_response_since_pd_on,
        cast(case when silence.is_silent then silence.n_days end as integer) as silent_days,
        cast(coalesce(not_known.n, 0) as integer) as n_not_known
    from patient_summary as summary
    left join draw as last_draw on summary.patient_id = last_draw.patient_id and last_draw.place = 1
    left join draw as previous_draw on summary.patient_id = previous_draw.patient_id and previous_draw.place = 2
    left join ctdna_line_level as on_line
        on last_draw.patient_id = on_line.patient_id and last_draw.sample_id = on_line.sample_id
    left join said on summary.patient_id = said.patient_id
    left join ctdna_state as state on summary.patient_id = state.patient_id and state.is_latest
    left join ctdna_basis as basis
        on summary.patient_id = basis.patient_id and summary.last_sample_id = basis.sample_id
    left join line_summary as line
        on summary.patient_id = line.patient_id and summary.current_line = line.line
    left join patient_silence as silence on summary.patient_id = silence.patient_id
    left join not_known on summary.patient_id = not_known.patient_id
)

select * from final
