-- One row per enrolled patient of the cohort: ctDNA baseline, why there is none to judge a change from, and when and how
-- the time to one event ended.
-- Of an endpoint with several starts the first counts. A patient without a day 0 has status NOT_AT_RISK.
with cohort as (
    select * from usable_patient where enrolled_on is not null /* and cohort */
),

ended as (
    select
        time_to_event.*,
        row_number() over (partition by patient_id order by origin_no nulls last) as place
    from time_to_event
    where endpoint_id = $endpoint
),

final as (
    select
        cohort.patient_id, cohort.enrolled_on, baseline.collected_on as baseline_on,
        coalesce(basis.is_of_other_origin_alone, false) as is_baseline_of_other_origin,
        flow.without_baseline,
        ended.ended_on,
        coalesce(ended.status, 'NOT_AT_RISK') as status
    from cohort
    left join ctdna_level as baseline on cohort.patient_id = baseline.patient_id and baseline.is_baseline
    left join ctdna_basis as basis on baseline.sample_id = basis.sample_id
    inner join pair_flow as flow on cohort.patient_id = flow.patient_id
    left join ended on cohort.patient_id = ended.patient_id and ended.place = 1
)

select * from final order by patient_id
