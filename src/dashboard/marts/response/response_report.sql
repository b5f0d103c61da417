-- One row per patient, date and assessor of a reported response.
with reports as (
    select
        r.patient_id, r.assessed_on, r.assessor, r.visit, r.row_key, coalesce(r.basis, 'imaging') as basis,
        case r.overall when 'non_cr_non_pd' then 'NON-CR/NON-PD' else upper(r.overall) end as reported,
        case r.target when 'non_cr_non_pd' then 'NON-CR/NON-PD' else upper(r.target) end as target,
        case r.non_target when 'non_cr_non_pd' then 'NON-CR/NON-PD' else upper(r.non_target) end
            as non_target,
        r.new_lesion, r.progression_pattern, r.progression_site, r.sum_of_diameters_mm,
        s.response_assessor is null or r.assessor = s.response_assessor as counts
    from usable_response as r
    inner join usable_patient as p on r.patient_id = p.patient_id
    cross join study as s
    where r.assessed_on <= p.observed_until
),
-- Several records of one assessor on one date: the worst (clinical-rules section 1.7; NED beside CR).
ranked as (
    select
        *,
        max(case when reported = 'NE' then 1 else 0 end) over (
            partition by patient_id, assessed_on, assessor
        ) as n_ne,
        row_number() over (
            partition by patient_id, assessed_on, assessor
            order by case reported
                when 'PD' then 1 when 'EQUIVOCAL' then 2 when 'NON-CR/NON-PD' then 3 when 'SD' then 4
                when 'PR' then 5 when 'CR' then 6 when 'NED' then 7 when 'NE' then 8 else 9
            end nulls last, row_key nulls last
        ) as place
    from reports
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(assessed_on as date) as assessed_on,
        cast(assessor as varchar) as assessor,
        cast(visit as varchar) as visit,
        cast(basis as varchar) as basis,
        cast(reported as varchar) as reported,
        cast(target as varchar) as target,
        cast(non_target as varchar) as non_target,
        cast(new_lesion as varchar) as new_lesion,
        cast(progression_pattern as varchar) as progression_pattern,
        cast(progression_site as varchar) as progression_site,
        cast(sum_of_diameters_mm * 10 as bigint) as sum_tenth_mm,
        cast(n_ne = 1 as boolean) as has_ne,
        cast(counts as boolean) as counts,
        cast('response' as varchar) as source_table,
        cast(row_key as varchar) as source_key
    from ranked
    where place = 1
)
select * from final
