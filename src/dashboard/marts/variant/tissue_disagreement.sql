-- One row per patient and gene of which the tissue report and the ctDNA assay say different things.
-- The latest specimen counts. A variant first seen after the baseline draw may have come since: it contradicts nothing.
with tissue as (
    select
        result.patient_id, upper(result.test) as gene, result.result, result.taken_on, result.row_key,
        row_number() over (
            partition by result.patient_id, result.test
            order by result.taken_on desc nulls last, result.row_key desc nulls last
        ) as place
    from usable_pathology as result
    inner join usable_patient as patient on result.patient_id = patient.patient_id
    where result.taken_on is null or result.taken_on <= patient.observed_until
),
in_assay as (
    select
        patient_id, upper(gene) as gene, replace(variant, 'p.', '') as variant, n_detected, first_detected_on
    from variant_course
    where
        not coalesce(is_copy_number, false) and not coalesce(is_possible_chip, false)
        and not coalesce(is_possible_germline, false)
        and (is_tracked or (n_detected > 0 and status <> 'NEW'))
),
-- Wild type beside any variant of the gene, or a variant named in capitals ("G13D") that the assay does not have.
compared as (
    select
        tissue.patient_id, tissue.gene, tissue.result, tissue.taken_on, tissue.row_key, in_assay.variant,
        in_assay.n_detected, in_assay.first_detected_on,
        max(case when in_assay.variant = tissue.result then 1 else 0 end) over (
            partition by tissue.patient_id, tissue.gene
        ) as is_found
    from tissue
    inner join in_assay on tissue.patient_id = in_assay.patient_id and tissue.gene = in_assay.gene
    where tissue.place = 1 and (tissue.result = 'wild type' or tissue.result = upper(tissue.result))
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(gene as varchar) as gene,
        cast(max(result) as varchar) as tissue_result,
        cast(max(taken_on) as date) as tissue_on,
        cast(array_to_string(list_sort(list(distinct variant)), ', ') as varchar) as variants,
        cast(coalesce(cast(sum(n_detected) as bigint), 0) as bigint) as n_detected,
        cast(min(first_detected_on) as date) as first_detected_on,
        cast('pathology' as varchar) as source_table,
        cast(min(row_key) as varchar) as source_key
    from compared
    where is_found = 0
    group by patient_id, gene
)
select * from final
