-- One row per dated thing the patient timeline can show: a draw, a variant in it, a scan, a bar, a planned window, a mark.
with patient as (
    select patient_id, site_id, tumour_type, enrolled_on, observed_until, row_key from usable_patient
),
provenance as (
    select 'patient' as source_table, row_key, source_file, source_row from usable_patient
    union all
    select 'treatment', row_key, source_file, source_row from usable_treatment
    union all
    select 'ctdna_sample', row_key, source_file, source_row from usable_ctdna_sample
    union all
    select 'variant', row_key, source_file, source_row from usable_variant
    union all
    select 'imaging', row_key, source_file, source_row from usable_imaging
    union all
    select 'lesion', row_key, source_file, source_row from usable_lesion
    union all
    select 'response', row_key, source_file, source_row from usable_response
    union all
    select 'measurement', row_key, source_file, source_row from usable_measurement
    union all
    select 'adverse_event', row_key, source_file, source_row from usable_adverse_event
    union all
    select 'contact', row_key, source_file, source_row from usable_contact
    union all
    select 'pathology', row_key, source_file, source_row from usable_pathology
),
origin as (
    select source_table, row_key, min(source_file) as source_file, min(source_row) as source_row
    from provenance
    group by source_table, row_key
),
-- Variants: those reported, and for a fixed panel those it covers and did not report (clinical-decisions A15).
covered_gene as (
    select panel, gene from usable_panel_gene where alteration = 'sequence'
    union
    select panel, gene from definition_panel_gene where alteration = 'sequence'
),
reported_variant as (
    select
        variant.sample_id, variant.gene, variant.variant, variant.status, variant.maf_ppm, variant.row_key,
        variant.variant in ('amplification', 'deletion', 'loss')
        or (variant.copy_number is not null and variant.maf_ppm is null) as is_copy_number
    from usable_variant as variant
),
-- No mark for a variant that the assay covered and never found.
followed_variant as (
    select
        patient_id, gene, variant, status as course_status,
        coalesce(is_possible_chip, false) or coalesce(is_possible_germline, false) as is_other_origin
    from variant_course
    where n_detected > 0 and not coalesce(is_copy_number, false)
),
variant_at_draw as (
    select
        level.patient_id, level.sample_id, level.collected_on, level.draw_no, followed.gene, followed.variant,
        followed.course_status, followed.is_other_origin, called.maf_ppm,
        coalesce(called.status, 'not_detected') as status,
        case when called.status is null then 'ctdna_sample' else 'variant' end as source_table,
        coalesce(called.row_key, level.source_key) as source_key
    from ctdna_level as level
    inner join followed_variant as followed on level.patient_id = followed.patient_id
    left join reported_variant as called
        on level.sample_id = called.sample_id and followed.gene = called.gene and followed.variant = called.variant
    left join covered_gene
        on
            level.panel = covered_gene.panel and followed.gene = covered_gene.gene
            and coalesce(level.tracks, 'unknown') <> 'tumour_informed'
    where level.is_valid and (called.status is not null or covered_gene.gene is not null)
),
-- Of several assessors on one date the treating team comes first (design 10, small decision 1).
response as (
    select
        overall.*,
        row_number() over (
            partition by overall.patient_id, overall.assessed_on
            order by case overall.assessor
                when 'treating_physician' then 1 when 'investigator' then 2 when 'radiologist' then 3
                when 'central' then 4 else 5
            end nulls last, overall.assessor nulls last, overall.source_key nulls last
        ) as place
    from overall_response as overall
    where overall.response is not null or overall.is_baseline
),
-- The nadir from this assessment on, and so the sum from which the next one would be PD (RECIST 1.1 section 4.3.1:
-- 20 % and 5 mm above the nadir, in whole mm).
target_ahead as (
    select
        target_response.*,
        case
            when pd_from_tenth_mm is null then null
            when is_complete and sum_tenth_mm < nadir_tenth_mm then sum_tenth_mm
            else nadir_tenth_mm
        end as next_nadir_tenth_mm
    from target_response
),
-- Markers by tumour type (clinical-decisions A17), the usual one first.
marker_choice as (
    select 'colorectal' as tumour_type, 'cea' as name, 1 as choice
    union all select 'lung', 'cea', 1
    union all select 'lung', 'cyfra_21_1', 2
    union all select 'breast', 'ca_15_3', 1
    union all select 'breast', 'cea', 2
    union all select 'gastric', 'cea', 1
    union all select 'gastric', 'ca_19_9', 2
    union all select 'pancreatic', 'ca_19_9', 1
    union all select 'liver', 'afp', 1
    union all select 'liver', 'pivka_ii', 2
    union all select 'ovarian', 'ca_125', 1
    union all select 'prostate', 'psa', 1
),
marker as (
    select
        measured.patient_id, measured.name, measured.measured_on, measured.value, measured.unit,
        measured.comparator, measured.upper_normal, measured.row_key, coalesce(marker_choice.choice, 9) as choice
    from usable_measurement as measured
    inner join patient on measured.patient_id = patient.patient_id
    left join marker_choice
        on patient.tumour_type = marker_choice.tumour_type and measured.name = marker_choice.name
    where
        measured.value is not null
        and measured.name in (
            'cea', 'ca_15_3', 'ca_19_9', 'ca_125', 'afp', 'pivka_ii', 'cyfra_21_1', 'psa'
        )
),
first_choice as (
    select patient_id, min(choice) as choice from marker group by patient_id
),
main_marker as (
    select marker.patient_id, min(marker.name) as name
    from marker
    inner join first_choice on marker.patient_id = first_choice.patient_id and marker.choice = first_choice.choice
    group by marker.patient_id
),
-- The plan: windows of draws and scans, and what fulfilled them.
one_digit as (
    select 0 as digit
    union all select 1 union all select 2 union all select 3 union all select 4
    union all select 5 union all select 6 union all select 7 union all select 8 union all select 9
),
repeat_number as (
    select 100 * hundreds.digit + 10 * tens.digit + units.digit as repeat_no
    from one_digit as hundreds
    cross join one_digit as tens
    cross join one_digit as units
    where hundreds.digit < 2
),
-- From this day on nothing is expected (A23): of anything after death, withdrawal, loss, transfer or the end of the
-- study; of ctDNA also after it was declined, from the first day on where the refusal has no date.
off_event as (
    select patient_id, cast('imaging' as varchar) as kind, occurred_on as off_on
    from milestone where kind in ('death', 'withdrawal', 'lost_to_follow_up')
    union all
    select patient_id, 'imaging', happened_on
    from usable_disposition
    where kind in ('transfer', 'left_study', 'completed') and happened_on is not null
    union all
    select patient_id, 'ctdna', coalesce(happened_on, cast('1900-01-01' as date))
    from usable_disposition where kind = 'ctdna_declined'
),
off_kind as (
    select patient_id, kind, off_on from off_event
    union all
    select patient_id, 'ctdna', off_on from off_event where kind = 'imaging'
),
off_study as (
    select off_kind.patient_id, off_kind.kind, min(off_kind.off_on) as off_on
    from off_kind
    inner join patient on off_kind.patient_id = patient.patient_id
    where off_kind.off_on <= patient.observed_until
    group by off_kind.patient_id, off_kind.kind
),
anchor as (
    select
        plan.item, milestone.patient_id, case when plan.line_scope = 'line' then milestone.line end as line,
        min(milestone.occurred_on) as anchor_on
    from visit_plan as plan
    inner join milestone on plan.anchor = milestone.kind
    where plan.kind in ('ctdna', 'imaging')
    group by plan.item, milestone.patient_id, case when plan.line_scope = 'line' then milestone.line end
),
anchored as (
    select
        anchor.item, anchor.patient_id, anchor.line, anchor.anchor_on, plan.label, plan.kind, plan.opens_months,
        plan.closes_months, plan.opens_days, plan.closes_days, plan.repeat_days, plan.repeat_until_months,
        coalesce(plan.window_days, 0) as window_days, coalesce(plan.grace_days, 0) as grace_days,
        patient.observed_until, patient.enrolled_on, off_study.off_on,
        case
            when plan.line_scope = 'line' then lead(anchor.anchor_on) over (
                partition by anchor.patient_id, anchor.item order by anchor.line nulls last
            )
        end as next_anchor_on
    from anchor
    inner join visit_plan as plan on anchor.item = plan.item
    inner join patient on anchor.patient_id = patient.patient_id
    left join off_study on anchor.patient_id = off_study.patient_id and plan.kind = off_study.kind
),
due_window as (
    select
        anchored.*, cast(0 as integer) as repeat_no,
        coalesce(
            add_months(anchor_on, opens_months), anchor_on + cast(coalesce(opens_days, 0) as integer)
        ) as opens_on,
        coalesce(
            add_months(anchor_on, closes_months), anchor_on + cast(coalesce(closes_days, 0) as integer)
        ) as closes_on
    from anchored
    where repeat_days is null
    union all
    select
        anchored.*, cast(repeat_number.repeat_no as integer) as repeat_no,
        anchor_on + cast(repeat_no * repeat_days - window_days as integer) as opens_on,
        anchor_on + cast(repeat_no * repeat_days + window_days as integer) as closes_on
    from anchored
    inner join repeat_number
        on
            repeat_number.repeat_no >= 1
            and (repeat_number.repeat_no - 1) * anchored.repeat_days
            <= date_diff('day', anchored.anchor_on, anchored.observed_until)
    where
        anchored.repeat_until_months is null
        or anchor_on + cast(repeat_no * repeat_days as integer) <= add_months(anchor_on, repeat_until_months)
),
expected_window as (
    select
        due_window.*,
        'window ' || item || ' ' || coalesce(cast(line as varchar), '-') || ' ' || cast(repeat_no as varchar)
            as window_key
    from due_window
    where
        (off_on is null or opens_on <= off_on) and (next_anchor_on is null or opens_on < next_anchor_on)
),
scan_source as (
    select
        imaging.patient_id, imaging.imaged_on as occurred_on, 'imaging' as source_table, imaging.row_key as source_key
    from usable_imaging as imaging
    inner join patient on imaging.patient_id = patient.patient_id
    where imaging.imaged_on <= patient.observed_until
    union all
    select patient_id, assessed_on, source_table, source_key
    from overall_response where coalesce(basis, 'imaging') = 'imaging'
),
scan_place as (
    select
        scan_source.*,
        row_number() over (
            partition by patient_id, occurred_on order by source_table nulls last, source_key nulls last
        ) as place
    from scan_source
),
taken as (
    select patient_id, 'ctdna' as kind, collected_on as occurred_on, source_table, source_key
    from ctdna_level where draw_no is not null
    union all
    select patient_id, 'imaging', occurred_on, source_table, source_key from scan_place where place = 1
),
taken_in_window as (
    select
        expected.patient_id, expected.window_key, taken.kind, taken.occurred_on, taken.source_key,
        row_number() over (
            partition by expected.patient_id, expected.window_key
            order by taken.occurred_on nulls last, taken.source_key nulls last
        ) as place
    from expected_window as expected
    inner join taken on expected.patient_id = taken.patient_id and expected.kind = taken.kind
    where taken.occurred_on between expected.opens_on and expected.closes_on
),
planned_taken as (
    select distinct patient_id, kind, source_key from taken_in_window
),
-- A single item done outside its window (A23): the nearest draw or scan that fulfils nothing else.
outside_pair as (
    select
        expected.patient_id, expected.window_key, taken.kind, taken.occurred_on, taken.source_key,
        case
            when taken.occurred_on < expected.opens_on then date_diff('day', taken.occurred_on, expected.opens_on)
            else date_diff('day', expected.closes_on, taken.occurred_on)
        end as distance_days
    from expected_window as expected
    inner join taken on expected.patient_id = taken.patient_id and expected.kind = taken.kind
    left join planned_taken as used
        on taken.patient_id = used.patient_id and taken.kind = used.kind and taken.source_key = used.source_key
    left join taken_in_window as done
        on expected.patient_id = done.patient_id and expected.window_key = done.window_key
    where expected.repeat_days is null and used.source_key is null and done.window_key is null
),
outside_of_taken as (
    select
        outside_pair.*,
        row_number() over (
            partition by patient_id, kind, source_key order by distance_days nulls last, window_key nulls last
        ) as window_place
    from outside_pair
),
done_outside as (
    select
        outside_of_taken.*,
        row_number() over (
            partition by patient_id, window_key
            order by distance_days nulls last, occurred_on nulls last, source_key nulls last
        ) as place
    from outside_of_taken
    where window_place = 1
),
stated_window as (
    select
        expected.*, coalesce(done.occurred_on, outside.occurred_on) as fulfilled_on,
        coalesce(done.source_key, outside.source_key) as fulfilled_key,
        case
            when done.window_key is not null then 'DONE'
            when outside.window_key is not null then 'DONE_OUTSIDE'
            when expected.observed_until < expected.opens_on then 'UPCOMING'
            when coalesce(expected.off_on, expected.observed_until) <= expected.closes_on
                and expected.off_on is not null then 'NOT_EXPECTED'
            when expected.next_anchor_on <= expected.closes_on then 'NOT_EXPECTED'
            -- The study asks for nothing before enrolment; what was done then is shown.
            when expected.closes_on < expected.enrolled_on then 'NOT_EXPECTED'
            when expected.observed_until <= expected.closes_on + cast(expected.grace_days as integer) then 'OPEN'
            else 'MISSED'
        end as state
    from expected_window as expected
    left join taken_in_window as done
        on
            expected.patient_id = done.patient_id and expected.window_key = done.window_key and done.place = 1
    left join done_outside as outside
        on
            expected.patient_id = outside.patient_id and expected.window_key = outside.window_key
            and outside.place = 1
),
event as (
    select
        patient_id, case when is_valid then 'CTDNA' else 'NO_RESULT' end as panel, 'SAMPLE' as kind,
        'sample ' || sample_id as event_key, collected_on as occurred_on, cast(null as date) as ended_on,
        cast(null as boolean) as is_ongoing, draw as label, upper(status) as code, failure_reason as detail,
        sample_id, cast(null as varchar) as gene, cast(null as varchar) as variant,
        cast(level_sum as decimal(28, 12)) as value_sum, level_n as value_n, cast(null as integer) as grade,
        source_table, source_key
    from ctdna_level
    union all
    select
        patient_id, 'CTDNA', 'VARIANT', 'variant ' || sample_id || ' ' || gene || ' ' || variant, collected_on, null,
        null, gene || ' ' || variant, upper(status), course_status, sample_id, gene, variant,
        cast(case when status = 'detected' then maf_ppm end as decimal(28, 12)), 1, null, source_table, source_key
    from variant_at_draw
    union all
    select
        patient_id, 'RECIST', case when place > 1 then 'OTHER_RESPONSE' when is_baseline then 'BASELINE' else 'RESPONSE' end,
        'response ' || cast(assessed_on as varchar) || ' ' || coalesce(assessor, '-'), assessed_on, null, null, assessor,
        response, progression_pattern, null, null, null, null, null, null, source_table, source_key
    from response
    union all
    select
        patient_id, 'TARGET_SUM', 'SUM', 'sum ' || cast(assessed_on as varchar), assessed_on, null, null, visit,
        case when sum_tenth_mm is null then 'NOT_MEASURED' else 'MEASURED' end, null, null, null, null,
        cast(sum_tenth_mm as decimal(28, 12)), 10, null, source_table, source_key
    from target_response
    union all
    select
        marker.patient_id, 'MARKER', case when main_marker.name is null then 'OTHER_MARKER' else 'MARKER' end,
        'marker ' || marker.row_key, marker.measured_on, null, null, marker.name,
        coalesce(marker.comparator, '='), marker.unit, null, null, null,
        cast(marker.value as decimal(28, 12)), 1, null, 'measurement', marker.row_key
    from marker
    left join main_marker on marker.patient_id = main_marker.patient_id and marker.name = main_marker.name
    union all
    select
        patient_id, 'ECOG', 'ECOG', 'ecog ' || row_key, measured_on, null, null, null,
        -- The scale has whole numbers from 0 to 5 only; anything else is a data issue, not a mark.
        case value when 0 then '0' when 1 then '1' when 2 then '2' when 3 then '3' when 4 then '4' when 5 then '5' end,
        null, null, null, null, cast(value as decimal(28, 12)), 1, null, 'measurement', row_key
    from usable_measurement where name = 'ecog' and value in (0, 1, 2, 3, 4, 5)
    union all
    select
        patient_id, 'ADVERSE_EVENT', case when coalesce(is_serious, false) then 'SERIOUS_EVENT' else 'EVENT' end,
        'adverse_event ' || event_id, started_on, ended_on, null, term, serious_criterion, relatedness, null, null, null,
        null, null, grade, 'adverse_event', row_key
    from usable_adverse_event
    where started_on is not null and (grade >= 3 or coalesce(is_serious, false))
    union all
    select
        patient_id, case when kind in ('radiotherapy', 'ablation', 'surgery') then 'LOCAL' else 'TREATMENT' end,
        upper(kind), 'treatment ' || treatment_id, started_on, ended_on, is_ongoing, label, start_reason, stop_reason,
        null, null, null, cast(total_dose_gy as decimal(28, 12)), 1, null, source_table, source_key
    from treatment_episode
    union all
    select
        patient_id, 'MARK', 'LINE', 'line ' || cast(line as varchar), started_on, next_started_on, is_ongoing, regimen,
        start_reason, stop_reason, null, null, null, null, null, null, source_table, source_key
    from line_of_therapy
    union all
    select
        patient_id, 'MARK', upper(kind), kind || ' ' || cast(occurred_on as varchar), occurred_on, null, null, null, null,
        max(detail), null, null, null, null, null, null, max(source_table), max(source_key)
    from milestone
    where kind in ('enrolment', 'death', 'clinical_progression')
    group by patient_id, kind, occurred_on
    union all
    select
        patient_id, 'MARK', 'OBSERVED_UNTIL', 'observed_until', observed_until, null, null, null, null, null, null, null,
        null, null, null, null, 'patient', row_key
    from patient
    union all
    select
        patient_id, 'MARK', 'BIOPSY', 'biopsy ' || cast(taken_on as varchar), taken_on, null, null, max(specimen), null,
        null, null, null, null, null, null, null, 'pathology', min(row_key)
    from usable_pathology where taken_on is not null group by patient_id, taken_on
    union all
    select
        patient_id, 'MARK', 'UNRELIABLE', 'unreliable ' || treatment_id, coalesce(ended_on, started_on),
        coalesce(ended_on, started_on) + cast(
            case when kind = 'surgery' then study.surgery_unreliable_days else study.ablation_unreliable_days end as integer
        ), null, label, upper(kind), null, null, null, null, null, null, null, source_table, source_key
    from treatment_episode
    cross join study
    where kind in ('surgery', 'ablation') or (kind = 'radiotherapy' and coalesce(modality, 'sbrt') = 'sbrt')
    union all
    select
        patient_id, 'PLANNED', case when kind = 'ctdna' then 'DRAW_WINDOW' else 'SCAN_WINDOW' end, window_key, opens_on,
        closes_on, null, label, state, fulfilled_key, null, null, null, null, null, null, 'patient',
        cast(null as varchar)
    from stated_window
    union all
    select
        taken.patient_id, 'PLANNED', case when taken.kind = 'ctdna' then 'DRAW' else 'SCAN' end,
        'taken ' || taken.kind || ' ' || taken.source_key, taken.occurred_on, null, null, null,
        case when planned_taken.source_key is null then 'OUTSIDE_WINDOW' else 'IN_WINDOW' end, null, null, null, null, null,
        null, null, taken.source_table, taken.source_key
    from taken
    left join planned_taken
        on
            taken.patient_id = planned_taken.patient_id and taken.kind = planned_taken.kind
            and taken.source_key = planned_taken.source_key
),
observed_event as (
    select
        event.*, patient.observed_until,
        lag(event.occurred_on) over (
            partition by event.patient_id, event.kind,
            case when event.kind in ('VARIANT', 'MARKER', 'OTHER_MARKER') then event.label end
            order by event.occurred_on nulls last, event.event_key nulls last
        ) as previous_on
    from event
    inner join patient on event.patient_id = patient.patient_id
    where
        event.occurred_on is not null
        and (event.occurred_on <= patient.observed_until or event.kind in ('DRAW_WINDOW', 'SCAN_WINDOW'))
),
event_line as (
    select
        observed.patient_id, observed.event_key, max(line_of_therapy.line) as line
    from observed_event as observed
    inner join line_of_therapy
        on observed.patient_id = line_of_therapy.patient_id and line_of_therapy.started_on <= observed.occurred_on
    group by observed.patient_id, observed.event_key
),
final as (
    select
        cast(event.patient_id as varchar) as patient_id,
        cast(event.panel as varchar) as panel,
        cast(event.kind as varchar) as kind,
        cast(event.event_key as varchar) as event_key,
        cast(event.occurred_on as date) as occurred_on,
        cast(event.ended_on as date) as ended_on,
        cast(event.is_ongoing as boolean) as is_ongoing,
        cast(case
            when event.kind = 'LINE' then own_line.line
            when event.kind in ('RESPONSE', 'BASELINE', 'OTHER_RESPONSE') then overall.line
            when event.kind = 'SUM' then target.line
            when event.panel = 'TREATMENT' then episode.line
            else event_line.line
        end as integer) as line,
        cast(event.label as varchar) as label,
        cast(event.code as varchar) as code,
        cast(event.detail as varchar) as detail,
        cast(event.sample_id as varchar) as sample_id,
        cast(event.gene as varchar) as gene,
        cast(event.variant as varchar) as variant,
        cast(episode.part_of as varchar) as part_of,
        cast(episode.modality as varchar) as modality,
        cast(followed.is_other_origin as boolean) as is_other_origin,
        cast(event.value_sum as decimal(28, 12)) as value_sum,
        cast(case when event.value_sum is not null then event.value_n end as bigint) as value_n,
        cast(case when event.kind = 'SAMPLE' then level.level_metric end as varchar) as level_metric,
        cast(case when event.kind = 'SAMPLE' then level.quantity_kind end as varchar) as quantity_kind,
        cast(case when event.kind = 'SAMPLE' then level.n_detected end as bigint) as n_detected,
        cast(case when event.kind = 'SAMPLE' then level.n_variants end as bigint) as n_variants,
        cast(level.series_no as integer) as series_no,
        cast(level.assay as varchar) as assay,
        cast(level.panel as varchar) as assay_panel,
        cast(level.tracks as varchar) as tracks,
        cast(level.lod_ppm as decimal(10, 3)) as lod_ppm,
        cast(level.loq_ppm as decimal(10, 3)) as loq_ppm,
        cast(level.reason as varchar) as reason,
        cast(level.draw_timing as varchar) as draw_timing,
        cast(level.timing_line as integer) as timing_line,
        cast(level.reported_on as date) as reported_on,
        cast(level.is_unreliable as boolean) as is_unreliable,
        cast(level.days_since_local as integer) as days_since_local,
        cast(target.baseline_tenth_mm as bigint) as baseline_tenth_mm,
        cast(target.nadir_tenth_mm as bigint) as nadir_tenth_mm,
        cast(target.pd_from_tenth_mm as bigint) as pd_from_tenth_mm,
        cast(target.next_nadir_tenth_mm as bigint) as next_nadir_tenth_mm,
        cast(case
            when target.next_nadir_tenth_mm >= 250
                then 10 * cast(ceil(cast(target.next_nadir_tenth_mm as decimal(12, 0)) * 0.12) as bigint)
            else 10 * cast(ceil(cast(target.next_nadir_tenth_mm + 50 as decimal(12, 0)) * 0.1) as bigint)
        end as bigint) as next_pd_from_tenth_mm,
        cast(target.n_targets as integer) as n_targets,
        cast(target.n_measured as integer) as n_measured,
        cast(overall.reported as varchar) as reported,
        cast(overall.calculated as varchar) as calculated,
        cast(overall.change_from_baseline_tenth_percent as integer) as change_from_baseline_tenth_percent,
        cast(overall.change_from_nadir_tenth_percent as integer) as change_from_nadir_tenth_percent,
        cast(overall.is_after_progression as boolean) as is_after_progression,
        cast(overall.basis as varchar) as basis,
        cast(measured.upper_normal as decimal(18, 4)) as upper_normal,
        cast(event.grade as integer) as grade,
        cast(episode.dose_level as integer) as dose_level,
        cast(episode.organ as varchar) as organ,
        cast(episode.fractions as integer) as fractions,
        cast(date_diff('day', event.previous_on, event.occurred_on) as integer) as days_since_previous,
        cast(date_diff('day', in_force.started_on, event.occurred_on) as integer) as day_of_line,
        cast(event_line.line as integer) as line_in_force,
        cast(event.occurred_on <= coalesce(in_force.last_dose_on, in_force.ended_on, event.observed_until) as boolean)
            as is_on_treatment,
        cast(coalesce(overall.rule, target.rule, level.rule) as varchar) as rule,
        cast(event.source_table as varchar) as source_table,
        cast(event.source_key as varchar) as source_key,
        cast(origin.source_file as varchar) as source_file,
        cast(origin.source_row as integer) as source_row
    from observed_event as event
    left join event_line on event.patient_id = event_line.patient_id and event.event_key = event_line.event_key
    left join line_of_therapy as in_force
        on event.patient_id = in_force.patient_id and event_line.line = in_force.line
    left join line_of_therapy as own_line
        on
            event.kind = 'LINE' and event.patient_id = own_line.patient_id
            and event.event_key = 'line ' || cast(own_line.line as varchar)
    left join ctdna_level as level on event.sample_id = level.sample_id
    left join followed_variant as followed
        on event.patient_id = followed.patient_id and event.gene = followed.gene and event.variant = followed.variant
    left join response as overall
        on
            event.panel = 'RECIST' and event.patient_id = overall.patient_id
            and event.event_key = 'response ' || cast(overall.assessed_on as varchar) || ' ' || coalesce(overall.assessor, '-')
    left join target_ahead as target
        on event.kind = 'SUM' and event.patient_id = target.patient_id and event.occurred_on = target.assessed_on
    left join treatment_episode as episode
        on
            event.panel in ('TREATMENT', 'LOCAL') and event.patient_id = episode.patient_id
            and event.event_key = 'treatment ' || episode.treatment_id
    left join usable_measurement as measured
        on event.panel = 'MARKER' and event.source_key = measured.row_key
    left join origin on event.source_table = origin.source_table and event.source_key = origin.row_key
)
select * from final
