-- One row per contact; day and cause of a death stand on the main sheet.
with final as (
    select
        follow_up."编号" as patient_id,
        follow_up."日期" as contact_on,
        follow_up."生存状态" as vital_status,
        case when follow_up."生存状态" = '死亡' then main."死亡日期" end as died_on,
        case when follow_up."生存状态" = '死亡' then main."死因" end as death_cause,
        follow_up."已询问用药" as is_treatment_reviewed,
        follow_up.source_file,
        follow_up.source_row
    from source.follow_up as follow_up
    left join source.main as main on follow_up."编号" = main."编号"
)

select * from final
