-- One row per patient: what a header strip, a list and an overview need, as of the last day that may be read.
with patient as (
    select * from usable_patient
),

line as (
    select
        line_of_therapy.*,
        row_number() over (
            partition by line_of_therapy.patient_id
            order by line_of_therapy.line desc nulls last, line_of_therapy.started_on desc nulls last
        ) as place
    from line_of_therapy
    inner join patient on line_of_therapy.patient_id = patient.patient_id
    where line_of_therapy.started_on <= patient.observed_until
),

ecog as (
    select
        usable_measurement.patient_id, usable_measurement.value, usable_measurement.measured_on,
        row_number() over (
            partition by usable_measurement.patient_id
            order by usable_measurement.measured_on desc nulls last, usable_measurement.row_key desc nulls last
        ) as place
    from usable_measurement
    inner join patient on usable_measurement.patient_id = patient.patient_id
    where usable_measurement.name = 'ecog' and usable_measurement.measured_on <= patient.observed_until
),

-- What was called on the last scan and by whom. A baseline scan is no response (clinical-decisions A1).
scan as (
    select
        overall_response.*,
        overall_response.is_called and not overall_response.is_baseline_only as is_answer,
        row_number() over (
            partition by overall_response.patient_id
            order by overall_response.assessed_on desc nulls last, overall_response.source_key desc nulls last
        ) as place
    from overall_response
    cross join study
    -- After local therapy a scan with lesions judged and no status is one that waits for it (A5).
    where
        coalesce(overall_response.basis, 'imaging') = 'imaging'
        and (
            overall_response.response is not null or overall_response.is_baseline
            or (study.response_mode = 'post_local_therapy' and overall_response.source_table = 'lesion')
        )
),

-- Of a line begun without target disease the sums are those of normal nodes (TARGET_NONE): none is given. A scan that
-- is nothing but the baseline of the next line is read as that (clinical-decisions A1).
without_target as (
    select scan.patient_id
    from scan
    left join lesion_response as lesions
        on scan.patient_id = lesions.patient_id and scan.assessed_on = lesions.assessed_on
    inner join target_response as target
        on
            scan.patient_id = target.patient_id
            and target.assessed_on = coalesce(lesions.measured_on, scan.assessed_on)
    left join line_baseline as anew
        on
            scan.is_baseline_only and scan.patient_id = anew.patient_id and scan.baseline_of_line = anew.line
    where scan.place = 1 and target.rule = 'TARGET_NONE' and not coalesce(anew.has_target, false)
),

last_imaging as (
    select usable_imaging.patient_id, max(usable_imaging.imaged_on) as imaged_on
    from usable_imaging
    inner join patient on usable_imaging.patient_id = patient.patient_id
    where usable_imaging.imaged_on <= patient.observed_until
    group by usable_imaging.patient_id
),

line_scan as (
    select patient_id, named_on, max(line) as line from line_baseline where kind = 'OWN' group by patient_id, named_on
),

draw as (
    select
        ctdna_level.*,
        row_number() over (partition by ctdna_level.patient_id order by ctdna_level.draw_no desc nulls last) as place
    from ctdna_level
    where ctdna_level.is_valid
),

sample_count as (
    select
        patient_id,
        count(*) as n_samples,
        cast(sum(case when is_valid then 1 else 0 end) as bigint) as n_valid_samples,
        max(case when status = 'pending' then collected_on end) as pending_draw_on,
        max(case when status = 'failed' then collected_on end) as failed_draw_on
    from ctdna_level
    group by patient_id
),

progression as (
    select patient_id, min(occurred_on) as first_progression_on
    from milestone where kind in ('radiological_progression', 'clinical_progression') group by patient_id
),

-- The earliest recorded death counts, with its own cause. Of several rows of that day one with a known cause comes
-- before one that says unknown, and that before an empty one.
death as (
    select
        patient_id, occurred_on as died_on, detail as death_cause, source_key,
        row_number() over (
            partition by patient_id
            order by occurred_on nulls last,
                case when detail is null then 2 when detail = 'unknown' then 1 else 0 end nulls last,
                source_key nulls last
        ) as place
    from milestone where kind = 'death'
),

alive as (
    select patient_id, max(occurred_on) as last_seen_on from milestone where kind = 'known_alive' group by patient_id
),

index_line as (
    select patient_id, min(line) as index_line from milestone where kind = 'index_treatment_start' group by patient_id
),

-- A line that began later than the grace days is followed, but is not the line at enrolment.
enrolment_line as (
    select begun.patient_id, min(begun.line) as line, min(begun.detail) as drug_class
    from milestone as begun
    inner join patient on begun.patient_id = patient.patient_id
    cross join study
    where
        begun.kind = 'index_treatment_start' and begun.occurred_on <= patient.enrolled_on + study.index_grace_days
    group by begun.patient_id
),

-- An assay that lists tumour types follows these alone, one without a list all of them.
assay_type as (
    select assay_panel.panel, tracked.tumour_type
    from assay_panel
    left join tracked_tumour_type as tracked on assay_panel.panel = tracked.panel
),

assay_limit as (
    select count(*) > 0 and count(*) = count(tumour_type) as is_limited from assay_type
),

followed_type as (
    select distinct tumour_type from assay_type
),

first_local as (
    select patient_id, min(occurred_on) as first_local_on from milestone where kind = 'local_course_start' group by patient_id
),

final as (
    select
        cast(patient.patient_id as varchar) as patient_id,
        cast(patient.site_id as varchar) as site_id,
        cast(patient.sex as varchar) as sex,
        cast(year(patient.born_on) as integer) as birth_year,
        cast(patient.age_years as integer) as age_years,
        cast(patient.tumour_type as varchar) as tumour_type,
        cast(patient.diagnosis as varchar) as diagnosis,
        cast(patient.histology as varchar) as histology,
        cast(patient.stage as varchar) as stage,
        cast(patient.metastatic_on as date) as metastatic_on,
        cast(patient.enrolled_on as date) as enrolled_on,
        cast(patient.observed_until as date) as observed_until,
        cast(line.line as integer) as current_line,
        cast(line_regimen.last_regimen as varchar) as current_regimen,
        cast(line_regimen.last_regimen_on as date) as regimen_started_on,
        cast(line.started_on as date) as line_started_on,
        cast(line.ended_on as date) as line_ended_on,
        cast(line.is_ongoing as boolean) as is_line_ongoing,
        cast(date_diff('day', line.started_on, coalesce(death.died_on, patient.observed_until)) as integer)
            as day_of_line,
        cast(index_line.index_line as integer) as index_line,
        cast(enrolment_line.line as integer) as enrolment_line,
        cast(enrolment_line.drug_class as varchar) as enrolment_drug_class,
        cast(first_local.first_local_on as date) as first_local_on,
        cast(ecog.value as decimal(18, 4)) as ecog,
        cast(ecog.measured_on as date) as ecog_on,
        cast(previous_ecog.value as decimal(18, 4)) as previous_ecog,
        cast(last_imaging.imaged_on as date) as last_imaging_on,
        cast(
            case
                when scan.assessed_on is null or last_imaging.imaged_on > scan.assessed_on then last_imaging.imaged_on
            end as date
        ) as unread_imaging_on,
        cast(
            case when scan.assessed_on is null or last_imaging.imaged_on > scan.assessed_on then line_scan.line end
            as integer
        ) as unread_baseline_of_line,
        cast(scan.assessed_on as date) as last_scan_on,
        cast(case when scan.is_answer then scan.response end as varchar) as last_response,
        cast(case when scan.is_answer then scan.response_by end as varchar) as last_response_by,
        cast(scan.is_baseline or scan.is_baseline_only as boolean) as is_last_scan_baseline,
        cast(scan.baseline_of_line as integer) as last_scan_baseline_of_line,
        cast(scan.first_called_on as date) as last_response_first_called_on,
        cast(case when without_target.patient_id is null then scan.sum_tenth_mm end as integer) as last_sum_tenth_mm,
        cast(without_target.patient_id is not null as boolean) as is_last_scan_without_target,
        cast(scan.change_from_baseline_tenth_percent as integer) as last_change_from_baseline_tenth_percent,
        cast(scan.change_from_nadir_tenth_percent as integer) as last_change_from_nadir_tenth_percent,
        cast(draw.sample_id as varchar) as last_sample_id,
        cast(draw.collected_on as date) as last_draw_on,
        cast(draw.status as varchar) as last_draw_status,
        cast(draw.quantity_kind as varchar) as last_quantity_kind,
        cast(draw.level_sum as decimal(24, 6)) as last_level_sum,
        cast(draw.level_n as bigint) as last_level_n,
        cast(draw.n_variants as integer) as last_n_variants,
        cast(draw.n_detected as integer) as last_n_detected,
        cast(draw.lod_ppm as decimal(10, 3)) as last_lod_ppm,
        cast(previous_draw.collected_on as date) as previous_draw_on,
        cast(previous_draw.status as varchar) as previous_draw_status,
        cast(previous_draw.level_sum as decimal(24, 6)) as previous_level_sum,
        cast(previous_draw.level_n as bigint) as previous_level_n,
        cast(previous_draw.series_no = draw.series_no as boolean) as is_previous_comparable,
        cast(coalesce(sample_count.n_samples, 0) as integer) as n_samples,
        cast(coalesce(sample_count.n_valid_samples, 0) as integer) as n_valid_samples,
        cast(sample_count.pending_draw_on as date) as pending_draw_on,
        cast(sample_count.failed_draw_on as date) as failed_draw_on,
        cast(coalesce(state.state, 'NO_SAMPLE') as varchar) as ctdna_state,
        cast(state.direction as varchar) as ctdna_direction,
        cast(state.rule as varchar) as ctdna_rule,
        cast(progression.first_progression_on as date) as first_progression_on,
        cast(
            case
                when departure.reason = 'DIED' then 'dead'
                when departure.reason = 'WITHDREW' then 'withdrawn'
                when departure.reason = 'LOST' then 'lost'
                when alive.last_seen_on is not null then 'alive'
                else 'unknown'
            end as varchar
        ) as vital_status,
        cast(death.died_on as date) as died_on,
        cast(death.death_cause as varchar) as death_cause,
        cast(death.source_key as varchar) as death_key,
        cast(alive.last_seen_on as date) as last_seen_on,
        cast(withdrawal.patient_id is not null as boolean) as is_withdrawn,
        cast(withdrawal.happened_on as date) as withdrew_on,
        cast(
            case when departure.reason not in ('DIED', 'WITHDREW') then transfer.happened_on end as date
        ) as transferred_on,
        cast(departure.reason as varchar) as departure,
        cast(departure.happened_on as date) as departed_on,
        cast(departure.patient_id is null as boolean) as is_followed,
        cast(
            case
                when coalesce(line.is_ongoing, false) then study.contact_stale_on_treatment_days
                else study.contact_stale_off_treatment_days
            end as integer
        ) as silent_after_days,
        -- Of an unknown type it cannot be said that nobody follows it.
        cast(
            not assay_limit.is_limited or coalesce(patient.tumour_type, 'unknown') = 'unknown'
            or followed_type.tumour_type is not null as boolean
        ) as is_type_followed,
        cast(
            case
                when date_diff('day', patient.enrolled_on, patient.observed_until) >= study.early_death_days
                    then coalesce(date_diff('day', patient.enrolled_on, death.died_on) <= study.early_death_days, false)
            end as boolean
        ) as is_early_death,
        cast(patient.row_key as varchar) as source_key
    from patient
    cross join study
    cross join assay_limit
    left join followed_type on patient.tumour_type = followed_type.tumour_type
    left join line on patient.patient_id = line.patient_id and line.place = 1
    left join line_regimen on line.patient_id = line_regimen.patient_id and line.line = line_regimen.line
    left join index_line on patient.patient_id = index_line.patient_id
    left join enrolment_line on patient.patient_id = enrolment_line.patient_id
    left join first_local on patient.patient_id = first_local.patient_id
    left join ecog on patient.patient_id = ecog.patient_id and ecog.place = 1
    left join ecog as previous_ecog on patient.patient_id = previous_ecog.patient_id and previous_ecog.place = 2
    left join last_imaging on patient.patient_id = last_imaging.patient_id
    left join line_scan
        on last_imaging.patient_id = line_scan.patient_id and last_imaging.imaged_on = line_scan.named_on
    left join scan on patient.patient_id = scan.patient_id and scan.place = 1
    left join without_target on patient.patient_id = without_target.patient_id
    left join draw on patient.patient_id = draw.patient_id and draw.place = 1
    left join draw as previous_draw on patient.patient_id = previous_draw.patient_id and previous_draw.place = 2
    left join sample_count on patient.patient_id = sample_count.patient_id
    left join ctdna_state as state on patient.patient_id = state.patient_id and state.is_latest
    left join progression on patient.patient_id = progression.patient_id
    left join death on patient.patient_id = death.patient_id and death.place = 1
    left join alive on patient.patient_id = alive.patient_id
    left join patient_departure as departure on patient.patient_id = departure.patient_id and departure.place = 1
    left join patient_departure as withdrawal
        on patient.patient_id = withdrawal.patient_id and withdrawal.reason = 'WITHDREW'
    left join patient_departure as transfer
        on patient.patient_id = transfer.patient_id and transfer.reason = 'TRANSFERRED'
)

select * from final
