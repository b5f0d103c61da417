-- One row per patient and answer of the form tien_su (history). Hepatitis counts as asked where it was tested.
with history as (
    select
        *,
        coalesce(tien_su___1, '0') = '1' as has_hbv,
        coalesce(tien_su___2, '0') = '1' as has_hcv,
        coalesce(xn_viem_gan, '') = '1' as is_tested
    from source.database
    where redcap_event_name = 'tuyen_chon_arm_1' and tien_su_complete = '2'
),

answer as (
    select
        *,
        unnest([
            {
                'name': 'viral_status',
                'value': case
                    when not is_tested then 'unknown'
                    when has_hbv and has_hcv then 'hbv_hcv'
                    when has_hbv then 'hbv'
                    when has_hcv then 'hcv'
                    else 'none'
                end
            },
            {'name': 'hbv_status', 'value': case when is_tested then if(has_hbv, 'positive', 'negative') end},
            {
                'name': 'family_history',
                'value': case tien_su_gd when '1' then 'yes' when '0' then 'no' when 'không rõ' then 'unknown' end
            },
            {'name': 'previous_cancer', 'value': if(tien_su___6 = '1', 'yes', 'no')},
            {'name': 'smoking', 'value': case hut_thuoc when '0' then 'never' when '1' then 'former' when '2' then 'current' end},
            {'name': 'hypertension', 'value': if(tien_su___4 = '1', 'yes', 'no')},
            {'name': 'diabetes', 'value': if(tien_su___5 = '1', 'yes', 'no')}
        ]) as asked
    from history
),

final as (
    select
        record_id as patient_id,
        asked.name as name,
        asked.value as value,
        ngay_tien_su as recorded_on,
        source_file,
        source_row
    from answer
    where asked.value is not null
)

select * from final
