-- One row per reported target response, up to the progression of the line, that the measured target lesions do not give.
select
    report.source_table as table_name,
    report.source_key as row_key,
    'target' as column_name,
    report.patient_id,
    upper(report.target) || ' reported, ' || calculated.response || ' by the target lesions' as value_text
from response_report as report
inner join target_response as calculated
    on report.patient_id = calculated.patient_id and report.assessed_on = calculated.assessed_on
left join overall_response as overall
    on
        report.patient_id = overall.patient_id and report.assessed_on = overall.assessed_on
        and report.assessor = overall.assessor
where
    not coalesce(overall.is_after_progression, false) and calculated.response is not null and calculated.response <> 'NE' and report.target is not null
    and upper(report.target) <> 'NE' and upper(report.target) <> calculated.response
