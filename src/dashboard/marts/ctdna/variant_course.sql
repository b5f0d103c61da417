-- One row per patient and variant that was looked for or found, with its course over the valid samples.
with valid_sample as (
    select
        patient_id, sample_id, draw_no, collected_on, series_no, is_baseline, baseline_timing,
        coalesce(assay, '') || ' | ' || coalesce(panel, '') as assay_panel,
        coalesce(tracks, 'unknown') = 'tumour_informed' as is_tumour_informed,
        max(case when is_baseline then draw_no end) over (partition by patient_id) as baseline_no,
        max(draw_no) over (partition by patient_id) as latest_no
    from ctdna_level
    where is_valid
),
called as (
    select * from variant_sample where status is not null
),
course as (
    select
        patient_id, gene, variant,
        max(case when is_copy_number then 1 else 0 end) as copy_number_flag,
        max(case when is_tracked then 1 else 0 end) as tracked_flag,
        max(case when origin = 'germline' then 1 else 0 end) as germline_flag,
        max(case when origin = 'clonal_haematopoiesis' then 1 else 0 end) as haematopoiesis_flag,
        max(case when is_white_cell_matched or is_white_cell_filtered then 1 else 0 end) as matched_flag,
        min(case when is_tumour_informed and is_white_cell_filtered then 1 else 0 end) as filtered_flag,
        count(case when status <> 'not_detected' then 1 end) as n_detected,
        min(case when status <> 'not_detected' then draw_no end) as first_detected_no,
        max(case when status <> 'not_detected' then draw_no end) as last_detected_no,
        max(case when status = 'detected' and maf_ppm is not null then draw_no end) as last_number_no,
        max(case when status = 'detected' then maf_ppm end) as highest_maf_ppm,
        max(case when copy_number is not null then draw_no end) as copy_number_no,
        max(case when hgvs_c is not null then draw_no end) as coding_no,
        max(case when hgvs_p is not null then draw_no end) as protein_no
    from called
    group by patient_id, gene, variant
),
coverage as (
    select
        patient_id, gene, variant, count(*) as n_samples,
        count(case when outcome <> 'NOT_COVERED' then 1 end) as n_covered,
        max(case when outcome = 'ABSENT' then draw_no end) as last_absent_no
    from variant_sample
    group by patient_id, gene, variant
),
-- Of the baseline and the latest valid sample: found, not found though looked for, or not looked for.
looked as (
    select
        variant_sample.patient_id, variant_sample.gene, variant_sample.variant, variant_sample.draw_no,
        variant_sample.is_baseline, variant_sample.draw_no = valid_sample.latest_no as is_latest,
        variant_sample.collected_on, variant_sample.sample_id, variant_sample.is_tumour_informed,
        valid_sample.baseline_timing, variant_sample.outcome
    from variant_sample
    inner join valid_sample on variant_sample.sample_id = valid_sample.sample_id
    where variant_sample.draw_no in (valid_sample.baseline_no, valid_sample.latest_no)
),
-- Possible clonal haematopoiesis by course (A45): at a later sample of the series of the baseline the MAF lies near
-- that of the baseline while the sum of the other variants of the baseline has fallen, by the numbers of the study.
numbered as (
    select
        called.patient_id, called.gene, called.variant, called.sample_id, called.draw_no, valid_sample.series_no,
        valid_sample.is_baseline, valid_sample.baseline_no, called.status, called.maf_ppm
    from called
    inner join valid_sample on called.sample_id = valid_sample.sample_id
    where
        not called.is_copy_number_call
        and coalesce(called.origin, 'unknown') not in ('germline', 'clonal_haematopoiesis')
        and (not valid_sample.is_tumour_informed or called.is_tracked)
),
at_baseline as (
    select patient_id, gene, variant, series_no, maf_ppm from numbered where is_baseline and status <> 'not_detected'
),
later_pair as (
    select
        at_baseline.patient_id, at_baseline.gene, at_baseline.variant, valid_sample.draw_no,
        at_baseline.maf_ppm as baseline_maf_ppm, numbered.status, numbered.maf_ppm,
        case
            when numbered.status is null or numbered.status = 'not_detected' then cast(0 as decimal(10, 3))
            when numbered.status = 'detected' then numbered.maf_ppm
        end as later_maf_ppm
    from at_baseline
    inner join valid_sample
        on
            at_baseline.patient_id = valid_sample.patient_id and at_baseline.series_no = valid_sample.series_no
            and valid_sample.draw_no > valid_sample.baseline_no
    left join numbered
        on
            valid_sample.sample_id = numbered.sample_id and at_baseline.gene = numbered.gene
            and at_baseline.variant = numbered.variant
),
-- A variant without a number (below LoQ) leaves the sum unknown.
pair_total as (
    select
        patient_id, draw_no, count(*) as n_pairs, count(baseline_maf_ppm) as n_baseline,
        count(later_maf_ppm) as n_later,
        cast(sum(baseline_maf_ppm) as decimal(20, 3)) as baseline_sum_ppm,
        cast(sum(later_maf_ppm) as decimal(20, 3)) as later_sum_ppm
    from later_pair
    group by patient_id, draw_no
),
unchanged as (
    select
        later_pair.patient_id, later_pair.gene, later_pair.variant, min(later_pair.draw_no) as draw_no
    from later_pair
    inner join pair_total
        on later_pair.patient_id = pair_total.patient_id and later_pair.draw_no = pair_total.draw_no
    cross join study
    where
        pair_total.n_pairs > 1 and pair_total.n_baseline = pair_total.n_pairs
        and pair_total.n_later = pair_total.n_pairs
        and 100 * later_pair.later_maf_ppm >= study.chip_maf_from_percent * later_pair.baseline_maf_ppm
        and 100 * later_pair.later_maf_ppm <= study.chip_maf_to_percent * later_pair.baseline_maf_ppm
        and 100 * (pair_total.later_sum_ppm - later_pair.later_maf_ppm)
        <= (100 - study.chip_others_fall_percent) * (pair_total.baseline_sum_ppm - later_pair.baseline_maf_ppm)
    group by later_pair.patient_id, later_pair.gene, later_pair.variant
),
evidence as (
    select
        unchanged.patient_id, unchanged.gene, unchanged.variant, unchanged.draw_no, later_pair.baseline_maf_ppm,
        later_pair.later_maf_ppm, pair_total.baseline_sum_ppm - later_pair.baseline_maf_ppm as others_baseline_ppm,
        pair_total.later_sum_ppm - later_pair.later_maf_ppm as others_later_ppm
    from unchanged
    inner join later_pair
        on
            unchanged.patient_id = later_pair.patient_id and unchanged.gene = later_pair.gene
            and unchanged.variant = later_pair.variant and unchanged.draw_no = later_pair.draw_no
    inner join pair_total on unchanged.patient_id = pair_total.patient_id and unchanged.draw_no = pair_total.draw_no
),
point as (
    select
        called.patient_id, called.gene, called.variant,
        min(case when called.status <> 'not_detected' then called.collected_on end) as first_detected_on,
        max(case when called.status <> 'not_detected' then called.collected_on end) as last_detected_on,
        max(case when called.draw_no = course.first_detected_no then called.status end) as first_status,
        max(case when called.draw_no = course.first_detected_no and called.status = 'detected' then called.maf_ppm end)
            as first_maf_ppm,
        max(case when called.draw_no = course.last_number_no then called.maf_ppm end) as last_maf_ppm,
        max(case when called.draw_no = course.last_number_no then called.collected_on end) as last_maf_on,
        min(case when called.status = 'detected' and called.maf_ppm = course.highest_maf_ppm then called.draw_no end)
            as highest_number_no,
        min(case when called.status = 'detected' and called.maf_ppm = course.highest_maf_ppm then called.collected_on end)
            as highest_maf_on,
        max(case when called.draw_no = course.copy_number_no then called.copy_number end) as copy_number_latest,
        max(case when called.draw_no = course.copy_number_no then called.collected_on end) as copy_number_on,
        max(case when called.draw_no = course.coding_no then called.hgvs_c end) as hgvs_c,
        max(case when called.draw_no = course.protein_no then called.hgvs_p end) as hgvs_p
    from called
    inner join course
        on called.patient_id = course.patient_id and called.gene = course.gene and called.variant = course.variant
    group by called.patient_id, called.gene, called.variant
),
joined as (
    select
        course.*, baseline.sample_id as baseline_sample_id, baseline.collected_on as baseline_on,
        baseline.baseline_timing, baseline.draw_no as baseline_no, baseline.outcome as baseline_outcome,
        latest.draw_no as latest_no, latest.sample_id as latest_sample_id, latest.collected_on as latest_on,
        latest.outcome as latest_outcome, latest.is_tumour_informed as latest_is_tumour_informed,
        coverage.n_samples, coverage.n_covered, coverage.last_absent_no
    from course
    inner join coverage
        on course.patient_id = coverage.patient_id and course.gene = coverage.gene and course.variant = coverage.variant
    inner join looked as baseline
        on course.patient_id = baseline.patient_id and course.gene = baseline.gene and course.variant = baseline.variant
            and baseline.is_baseline
    inner join looked as latest
        on course.patient_id = latest.patient_id and course.gene = latest.gene and course.variant = latest.variant
            and latest.is_latest
),
-- clinical-decisions A15, A35: new since baseline, still or again detected, no longer detected, not covered, not assessable.
-- Across a change of assay or panel it is compared where both cover the gene whether a variant was found; its level
-- never is, for that is of one series (A3).
ruled as (
    select
        joined.*,
        case
            when n_detected = 0 then 'VARIANT_NEVER_DETECTED'
            when latest_no = baseline_no then 'VARIANT_ONE_SAMPLE'
            when latest_outcome = 'NOT_COVERED' then 'VARIANT_NOT_COVERED_LATEST'
            when latest_outcome = 'ABSENT' then 'VARIANT_NO_LONGER'
            when first_detected_no <= baseline_no and last_absent_no > first_detected_no then 'VARIANT_AGAIN'
            when first_detected_no <= baseline_no then 'VARIANT_STILL'
            -- A followed variant that was read both times is no new one that the assay could not show.
            when tracked_flag = 1 and baseline_outcome = 'ABSENT' and latest_is_tumour_informed then 'VARIANT_NOW'
            when latest_is_tumour_informed then 'VARIANT_TUMOUR_INFORMED'
            when baseline_outcome = 'NOT_COVERED' then 'VARIANT_NOT_COVERED_BASELINE'
            else 'VARIANT_NEW'
        end as rule,
        -- No flag at all for a tumour-informed assay with white-cell filter (A45); without a reason there is none.
        case
            when filtered_flag = 1 or n_detected = 0 or copy_number_flag = 1 then null
            when haematopoiesis_flag = 1 then 'CHIP_STATED'
            when germline_flag = 1 then null
            when evidence.draw_no is not null and chip_gene.gene is not null and tracked_flag = 0 and matched_flag = 0
                then 'CHIP_GENE_MAF_UNCHANGED'
            when evidence.draw_no is not null then 'CHIP_MAF_UNCHANGED'
            when chip_gene.gene is not null and tracked_flag = 0 and matched_flag = 0 then 'CHIP_GENE'
        end as chip_rule,
        evidence.draw_no as chip_draw_no, evidence.baseline_maf_ppm as chip_baseline_maf_ppm,
        evidence.later_maf_ppm as chip_later_maf_ppm, evidence.others_baseline_ppm, evidence.others_later_ppm
    from joined
    left join evidence
        on joined.patient_id = evidence.patient_id and joined.gene = evidence.gene and joined.variant = evidence.variant
    left join chip_gene on joined.gene = chip_gene.gene
),
-- The samples a status compares: the latest with the baseline, with the first detection where the baseline is none, or with
-- the last detection of what is gone; of what came back those in between that did not find it as well.
compared as (
    select ruled.patient_id, ruled.gene, ruled.variant, count(distinct valid_sample.assay_panel) as n_assays
    from ruled
    inner join variant_sample as own
        on ruled.patient_id = own.patient_id and ruled.gene = own.gene and ruled.variant = own.variant
    inner join valid_sample on own.sample_id = valid_sample.sample_id
    where
        own.draw_no = ruled.latest_no
        or own.draw_no = case
            when rule = 'VARIANT_NO_LONGER' then last_detected_no
            when rule in ('VARIANT_STILL', 'VARIANT_AGAIN') and baseline_outcome <> 'FOUND' then first_detected_no
            else ruled.baseline_no
        end
        or (rule = 'VARIANT_AGAIN' and own.outcome = 'ABSENT' and own.draw_no > first_detected_no)
    group by ruled.patient_id, ruled.gene, ruled.variant
),
final as (
    select
        cast(ruled.patient_id as varchar) as patient_id,
        cast(ruled.gene as varchar) as gene,
        cast(ruled.variant as varchar) as variant,
        cast(point.hgvs_c as varchar) as hgvs_c,
        cast(point.hgvs_p as varchar) as hgvs_p,
        cast(
            case rule
                when 'VARIANT_NEW' then 'NEW'
                when 'VARIANT_STILL' then 'STILL'
                when 'VARIANT_AGAIN' then 'AGAIN'
                when 'VARIANT_NOW' then 'NOW'
                when 'VARIANT_NO_LONGER' then 'NO_LONGER'
                when 'VARIANT_NEVER_DETECTED' then 'NEVER'
                when 'VARIANT_NOT_COVERED_BASELINE' then 'NOT_COVERED'
                when 'VARIANT_NOT_COVERED_LATEST' then 'NOT_COVERED'
                else 'NOT_ASSESSABLE'
            end as varchar
        ) as status,
        cast(
            compared.n_assays > 1
            and rule in ('VARIANT_NEW', 'VARIANT_STILL', 'VARIANT_AGAIN', 'VARIANT_NOW', 'VARIANT_NO_LONGER')
            as boolean
        ) as is_across_assays,
        cast(ruled.tracked_flag = 1 as boolean) as is_tracked,
        cast(ruled.copy_number_flag = 1 as boolean) as is_copy_number,
        cast(ruled.n_detected as bigint) as n_detected,
        cast(ruled.n_covered as bigint) as n_covered,
        cast(ruled.n_samples as bigint) as n_samples,
        cast(point.first_detected_on as date) as first_detected_on,
        cast(point.last_detected_on as date) as last_detected_on,
        cast(point.first_status as varchar) as first_status,
        cast(point.first_maf_ppm as decimal(10, 3)) as first_maf_ppm,
        cast(ruled.first_detected_no as integer) as first_draw_no,
        cast(point.last_maf_ppm as decimal(10, 3)) as last_maf_ppm,
        cast(point.last_maf_on as date) as last_maf_on,
        cast(ruled.highest_maf_ppm as decimal(10, 3)) as highest_maf_ppm,
        cast(point.highest_maf_on as date) as highest_maf_on,
        cast(point.highest_number_no as integer) as highest_maf_draw_no,
        cast(point.copy_number_latest as decimal(8, 2)) as copy_number_latest,
        cast(point.copy_number_on as date) as copy_number_on,
        cast(ruled.baseline_sample_id as varchar) as baseline_sample_id,
        cast(ruled.baseline_on as date) as baseline_on,
        cast(ruled.baseline_timing as varchar) as baseline_timing,
        cast(
            case when ruled.baseline_timing = 'PRE_TREATMENT' then 'BASELINE' else 'FIRST_DRAW' end as varchar
        ) as reference,
        cast(ruled.baseline_outcome as varchar) as baseline_outcome,
        cast(ruled.latest_sample_id as varchar) as latest_sample_id,
        cast(ruled.latest_on as date) as latest_on,
        cast(ruled.latest_outcome as varchar) as latest_outcome,
        cast(ruled.chip_rule is not null as boolean) as is_possible_chip,
        cast(ruled.chip_rule as varchar) as chip_rule,
        cast(ruled.chip_baseline_maf_ppm as decimal(10, 3)) as chip_baseline_maf_ppm,
        cast(ruled.chip_later_maf_ppm as decimal(10, 3)) as chip_later_maf_ppm,
        cast(ruled.others_baseline_ppm as decimal(20, 3)) as others_baseline_ppm,
        cast(ruled.others_later_ppm as decimal(20, 3)) as others_later_ppm,
        cast(
            cast((ruled.others_baseline_ppm - ruled.others_later_ppm) * 100000 as bigint)
            // cast(ruled.others_baseline_ppm * 1000 as bigint) as integer
        ) as others_fall_percent,
        cast(ruled.germline_flag = 1 as boolean) as is_possible_germline,
        cast(case when ruled.germline_flag = 1 then 'GERMLINE_STATED' end as varchar) as germline_rule,
        -- Only a stated origin takes a variant away; a suspicion is counted where the reader counts it (decision 0009).
        cast(
            case
                when ruled.germline_flag = 1 then 'GERMLINE'
                when ruled.chip_rule = 'CHIP_STATED' then 'STATED'
                when ruled.chip_rule is not null then 'POSSIBLE'
                else 'TUMOUR'
            end as varchar
        ) as origin,
        cast(ruled.rule as varchar) as rule
    from ruled
    inner join point
        on ruled.patient_id = point.patient_id and ruled.gene = point.gene and ruled.variant = point.variant
    inner join compared
        on ruled.patient_id = compared.patient_id and ruled.gene = compared.gene and ruled.variant = compared.variant
)
select * from final
