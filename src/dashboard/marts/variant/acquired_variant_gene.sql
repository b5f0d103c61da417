-- One row per assessable pair of samples, gene and kind of alteration that either panel covers or a variant shows.
with pair as (
    select * from acquired_variant_pair where is_assessable
),
-- What the laboratory states to come from white cells or the germline says nothing of resistance and is left out.
counted as (
    select
        patient_id, line, gene, case when is_copy_number then 'copy_number' else 'sequence' end as alteration,
        count(case when status = 'ACQUIRED' then 1 end) as n_acquired,
        count(case when status = 'ACQUIRED' and is_possible_chip then 1 end) as n_possible_chip,
        count(case when status = 'PRESENT_AT_BOTH' then 1 end) as n_present_at_both,
        count(case when status = 'NO_LONGER' then 1 end) as n_no_longer,
        count(case when status = 'SEEN_BEFORE' then 1 end) as n_seen_before,
        min(case when status = 'ACQUIRED' then first_found_on end) as first_acquired_on
    from acquired_variant
    where not is_other_origin
    group by patient_id, line, gene, case when is_copy_number then 'copy_number' else 'sequence' end
),
named as (
    select pair.patient_id, pair.line, looked_at.gene, looked_at.alteration
    from pair
    inner join sample_gene as looked_at
        on looked_at.sample_id in (pair.baseline_sample_id, pair.progression_sample_id)
    union
    select patient_id, line, gene, alteration from counted
),
ruled as (
    select
        named.*, counted.first_acquired_on, coalesce(counted.n_acquired, 0) as n_acquired,
        coalesce(counted.n_possible_chip, 0) as n_possible_chip,
        coalesce(counted.n_present_at_both, 0) as n_present_at_both,
        coalesce(counted.n_no_longer, 0) as n_no_longer, coalesce(counted.n_seen_before, 0) as n_seen_before,
        earlier.gene is not null as is_covered_at_baseline, later.gene is not null as is_covered_at_progression
    from named
    inner join pair on named.patient_id = pair.patient_id and named.line = pair.line
    left join counted
        on
            named.patient_id = counted.patient_id and named.line = counted.line and named.gene = counted.gene
            and named.alteration = counted.alteration
    left join sample_gene as earlier
        on
            pair.baseline_sample_id = earlier.sample_id and named.gene = earlier.gene
            and named.alteration = earlier.alteration
    left join sample_gene as later
        on
            pair.progression_sample_id = later.sample_id and named.gene = later.gene
            and named.alteration = later.alteration
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(line as integer) as line,
        cast(gene as varchar) as gene,
        cast(alteration as varchar) as alteration,
        cast(is_covered_at_baseline and is_covered_at_progression as boolean) as is_assessable,
        cast(is_covered_at_baseline as boolean) as is_covered_at_baseline,
        cast(is_covered_at_progression as boolean) as is_covered_at_progression,
        cast(n_acquired as bigint) as n_acquired,
        cast(n_possible_chip as bigint) as n_possible_chip,
        cast(n_present_at_both as bigint) as n_present_at_both,
        cast(n_no_longer as bigint) as n_no_longer,
        cast(n_seen_before as bigint) as n_seen_before,
        cast(first_acquired_on as date) as first_acquired_on,
        cast(
            case
                when not (is_covered_at_baseline and is_covered_at_progression) then 'NOT_COVERED'
                when n_acquired > 0 then 'ACQUIRED'
                when n_present_at_both > 0 then 'PRESENT_AT_BOTH'
                when n_no_longer > 0 then 'NO_LONGER'
                when n_seen_before > 0 then 'SEEN_BEFORE'
                else 'NEVER'
            end as varchar
        ) as status
    from ruled
)
select * from final
