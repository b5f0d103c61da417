-- One row per sample and variant.
with calls as (
    select
        s.sample_id, s.status as sample_status, g.gene, g.variant,
        case when s.status = 'detected' and chance(s.sample_id, g.gene, 3) > 0 then 'detected' else 'not_detected' end
            as status,
        1000 + 125 * chance(s.sample_id, g.variant, 640) as maf_ppm
    from usable_ctdna_sample as s
    cross join (
        values ('ESR1', 'p.D538G'), ('PIK3CA', 'p.H1047R'), ('TP53', 'p.R175H'), ('AKT1', 'p.E17K')
    ) as g(gene, variant)
    where s.status <> 'failed'
)
select
    sample_id, gene, variant, status, case when status = 'detected' then maf_ppm end as maf_ppm,
    sample_id || ' | ' || gene || ' | ' || variant as row_key,
    'variant.csv' as source_file, 0 as source_row, 1 as n_copies
from calls
