-- One row per patient: the days as of which eligibility is judged, and the screening examination.
with patient as (
    select
        patient_id, oligometastatic_on, coalesce(oligometastatic_on_precision, 'day') as oligometastatic_precision,
        row_key,
        least(
            coalesce(enrolled_on, screened_on, consented_on, observed_until),
            coalesce(observed_until, enrolled_on, screened_on, consented_on)
        ) as judged_on,
        coalesce(consented_on, enrolled_on, screened_on) as aged_on
    from usable_patient
),
-- The last examination up to that day, and none from before the oligometastases were found.
examined as (
    select
        l.patient_id, l.assessed_on, l.visit,
        row_number() over (
            partition by l.patient_id order by l.assessed_on desc nulls last, l.row_key desc nulls last
        ) as place
    from usable_lesion as l
    inner join patient as p on l.patient_id = p.patient_id
    where l.assessed_on <= p.judged_on
        and (p.oligometastatic_on is null or p.oligometastatic_precision <> 'day'
            or l.assessed_on >= p.oligometastatic_on)
),
final as (
    select
        cast(p.patient_id as varchar) as patient_id,
        cast(p.judged_on as date) as judged_on,
        cast(p.aged_on as date) as aged_on,
        cast(e.assessed_on as date) as examined_on,
        cast(e.visit as varchar) as examined_visit,
        cast('patient' as varchar) as source_table,
        cast(p.row_key as varchar) as source_key
    from patient as p
    left join examined as e on p.patient_id = e.patient_id and e.place = 1
)
select * from final
