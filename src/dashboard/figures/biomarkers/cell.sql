-- One row per patient of the cohort at a moment, and per gene, kind of alteration and variant found there.
-- A patient without a valid sample is one row without a gene; a gene without a variant is one row without a variant.
with enrolled as (
    select patient_id from usable_patient where enrolled_on is not null /* and cohort */
),

-- Found variants by where they come from: tumour, possible clonal haematopoiesis, or stated as something else.
found as (
    select
        v.patient_id, v.sample_id, v.gene, v.variant, v.hgvs_c, v.hgvs_p, v.maf_ppm, v.copy_number,
        case when v.is_copy_number then 'copy_number' else 'sequence' end as alteration,
        c.origin
    from variant_sample as v
    inner join variant_course as c on v.patient_id = c.patient_id and v.gene = c.gene and v.variant = c.variant
    where v.outcome = 'FOUND'
),

drawn as (
    select
        l.patient_id, l.sample_id, l.is_valid, l.is_baseline, l.collected_on,
        l.is_baseline and l.baseline_rule = 'BASELINE_PRE_TREATMENT' as is_before_treatment,
        coalesce(b.is_of_tumour, false) as has_ctdna,
        coalesce(b.is_of_other_origin_alone, false) as is_by_other_origin
    from ctdna_level as l
    inner join enrolled on l.patient_id = enrolled.patient_id
    left join ctdna_basis as b on l.sample_id = b.sample_id
    where l.status <> 'not_done'
),

chosen as (
    select drawn.*
    from drawn
    left join acquired_variant_pair as p
        on drawn.sample_id = p.progression_sample_id and p.line = cast($line as integer)
    where
        drawn.is_valid
        and case cast($moment as varchar)
            when 'BASELINE' then drawn.is_baseline and (drawn.is_before_treatment or cast($with_on_treatment as boolean))
            when 'PROGRESSION' then p.patient_id is not null
            else true
        end
),

progressed as (
    select patient_id, rule, progression_sample_id from acquired_variant_pair where line = cast($line as integer)
),

-- Why a patient has no valid sample at the moment.
standing as (
    select
        e.patient_id,
        case
            when exists (select 1 from chosen as c where c.patient_id = e.patient_id) then 'VALID'
            when $moment = 'PROGRESSION' and p.patient_id is null then 'NO_PROGRESSION'
            when $moment = 'PROGRESSION' and p.progression_sample_id is null then 'NO_SAMPLE'
            when $moment = 'PROGRESSION' then 'NO_RESULT'
            when exists (select 1 from drawn as d where d.patient_id = e.patient_id and d.is_valid) then 'LATER_ONLY'
            when exists (select 1 from drawn as d where d.patient_id = e.patient_id) then 'NO_RESULT'
            else 'NO_SAMPLE'
        end as standing
    from enrolled as e
    left join progressed as p on e.patient_id = p.patient_id
),

covered as (
    select distinct c.patient_id, g.gene, g.alteration
    from chosen as c
    inner join sample_gene as g on c.sample_id = g.sample_id
),

-- Of several samples the highest number of a variant counts.
seen as (
    select
        f.patient_id, f.gene, f.alteration, f.variant, f.origin, max(f.hgvs_c) as hgvs_c, max(f.hgvs_p) as hgvs_p,
        max(f.maf_ppm) as maf_ppm, max(f.copy_number) as copy_number
    from found as f
    inner join chosen as c on f.sample_id = c.sample_id
    group by f.patient_id, f.gene, f.alteration, f.variant, f.origin
),

named as (
    select gene, alteration from covered
    union
    select gene, alteration from seen
),

sampled as (
    select
        patient_id, bool_or(has_ctdna) as has_ctdna, min(collected_on) as sampled_on,
        bool_or(has_ctdna) and not bool_or(has_ctdna and not is_by_other_origin) as is_by_other_origin
    from chosen
    group by patient_id
),

final as (
    select
        s.patient_id, s.standing, sampled.has_ctdna, sampled.is_by_other_origin, sampled.sampled_on, named.gene, named.alteration,
        covered.gene is not null as is_covered, seen.variant, seen.origin, seen.hgvs_c, seen.hgvs_p,
        cast(seen.maf_ppm as double) as maf_ppm, cast(seen.copy_number as double) as copy_number
    from standing as s
    left join sampled on s.patient_id = sampled.patient_id
    left join named on s.standing = 'VALID'
    left join covered
        on s.patient_id = covered.patient_id and named.gene = covered.gene and named.alteration = covered.alteration
    left join seen
        on s.patient_id = seen.patient_id and named.gene = seen.gene and named.alteration = seen.alteration
)

select * from final order by patient_id, gene, alteration, variant
