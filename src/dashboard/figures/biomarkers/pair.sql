-- One row per patient of the cohort with a progression on the line, and per gene, kind of alteration and variant.
-- A pair of samples that cannot show what was acquired is one row without a gene.
with enrolled as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),

pair as (
    select p.patient_id, p.line, p.rule
    from acquired_variant_pair as p
    inner join enrolled on p.patient_id = enrolled.patient_id
    where p.line = cast($line as integer)
),

final as (
    select
        pair.patient_id, pair.rule, g.gene, g.alteration, g.is_assessable, v.variant, v.status,
        v.origin
    from pair
    left join acquired_variant_gene as g on pair.patient_id = g.patient_id and pair.line = g.line
    left join acquired_variant as v
        on
            g.patient_id = v.patient_id and g.line = v.line and g.gene = v.gene
            and g.alteration = case when v.is_copy_number then 'copy_number' else 'sequence' end
)

select * from final order by patient_id, gene, alteration, variant
