-- One row per ctDNA sample with its place among lines, local treatments and progressions.
with index_line as (
    select
        line_of_therapy.patient_id,
        coalesce(
            max(
                case
                    when line_of_therapy.started_on <= patient.enrolled_on + study.index_grace_days
                        then line_of_therapy.line
                end
            ),
            min(line_of_therapy.line)
        ) as index_line
    from line_of_therapy
    inner join usable_patient as patient on line_of_therapy.patient_id = patient.patient_id
    cross join study
    where line_of_therapy.started_on <= patient.observed_until
    group by line_of_therapy.patient_id
),
line_day as (
    select
        drawn.sample_id, line_of_therapy.line, index_line.index_line,
        date_diff('day', line_of_therapy.started_on, drawn.collected_on) as day_of_line,
        coalesce(line_of_therapy.is_ongoing, false)
        or coalesce(line_of_therapy.last_dose_on, line_of_therapy.ended_on) >= drawn.collected_on as is_dosed
    from ctdna_quantity as drawn
    inner join usable_patient as patient on drawn.patient_id = patient.patient_id
    inner join line_of_therapy on drawn.patient_id = line_of_therapy.patient_id
    inner join index_line on drawn.patient_id = index_line.patient_id
    where line_of_therapy.started_on <= patient.observed_until
),
-- Of two line starts round one draw the nearer counts, then the earlier line.
pre_line as (
    select
        line_day.sample_id, line_day.line,
        row_number() over (
            partition by line_day.sample_id order by abs(line_day.day_of_line) nulls last, line_day.line nulls last
        ) as place
    from line_day
    cross join study
    where
        study.index_origin = 'line'
        and line_day.day_of_line between study.draw_baseline_from_day and study.draw_baseline_to_day
),
line_total as (
    select
        sample_id,
        max(case when day_of_line > 0 then line end) as line,
        max(case when day_of_line >= 0 and is_dosed then line end) as dosed_line,
        min(case when line = index_line then day_of_line end) as index_day
    from line_day
    group by sample_id
),
first_local as (
    select patient_id, min(started_on) as started_on from local_course group by patient_id
),
local_day as (
    select
        drawn.sample_id,
        date_diff(
            'day', least(
                coalesce(treatment.ended_on, treatment.started_on),
                coalesce(drawn.collected_on, treatment.started_on)
            ),
            drawn.collected_on
        ) as days_since,
        case
            when treatment.kind = 'surgery' then study.surgery_unreliable_days
            when treatment.kind = 'ablation' or coalesce(treatment.modality, 'sbrt') = 'sbrt'
                then study.ablation_unreliable_days
        end as unreliable_days
    from ctdna_quantity as drawn
    inner join usable_treatment as treatment on drawn.patient_id = treatment.patient_id
    cross join study
    where treatment.kind in ('surgery', 'ablation', 'radiotherapy') and treatment.started_on < drawn.collected_on
),
local_total as (
    select
        sample_id, min(days_since) as days_since_local,
        max(case when days_since <= unreliable_days then 1 else 0 end) as is_unreliable
    from local_day
    group by sample_id
),
progression as (
    select drawn.sample_id, count(*) as n_progressions
    from ctdna_quantity as drawn
    inner join usable_patient as patient on drawn.patient_id = patient.patient_id
    inner join usable_response as response on drawn.patient_id = response.patient_id
    cross join study
    where
        response.overall = 'pd' and response.assessed_on <= patient.observed_until
        and abs(date_diff('day', response.assessed_on, drawn.collected_on)) <= study.progression_draw_days
    group by drawn.sample_id
),
placed as (
    select
        drawn.sample_id, drawn.patient_id, drawn.draw_no, line_total.line, line_total.dosed_line,
        pre_line.line as pre_line, study.index_origin, local_total.days_since_local,
        coalesce(local_total.is_unreliable, 0) = 1 as is_unreliable,
        coalesce(progression.n_progressions, 0) > 0 as is_near_progression,
        date_diff('day', first_local.started_on, drawn.collected_on) as local_day,
        coalesce(
            case
                when study.index_origin = 'line' then line_total.index_day
                else date_diff('day', first_local.started_on, drawn.collected_on)
            end between study.draw_baseline_from_day and study.draw_baseline_to_day, false
        ) as is_in_index_window,
        line_total.sample_id is not null or (study.index_origin <> 'line' and first_local.started_on is not null)
            as has_treatment_dates
    from ctdna_quantity as drawn
    cross join study
    left join line_total on drawn.sample_id = line_total.sample_id
    left join pre_line on drawn.sample_id = pre_line.sample_id and pre_line.place = 1
    left join first_local on drawn.patient_id = first_local.patient_id
    left join local_total on drawn.sample_id = local_total.sample_id
    left join progression on drawn.sample_id = progression.sample_id
),
final as (
    select
        cast(placed.sample_id as varchar) as sample_id,
        cast(placed.patient_id as varchar) as patient_id,
        cast(placed.draw_no as integer) as draw_no,
        cast(
            case
                when placed.pre_line is not null then 'PRE_TREATMENT'
                when placed.index_origin <> 'line' and placed.is_in_index_window then 'PRE_TREATMENT'
                when placed.dosed_line is not null then 'ON_TREATMENT'
                when placed.has_treatment_dates then 'OFF_TREATMENT'
                else 'UNKNOWN'
            end as varchar
        ) as draw_timing,
        cast(
            case
                when placed.pre_line is not null then placed.pre_line
                when placed.index_origin <> 'line' and placed.is_in_index_window then null
                else placed.dosed_line
            end as integer
        ) as timing_line,
        cast(placed.is_in_index_window as boolean) as is_in_index_window,
        cast(placed.line as integer) as line,
        cast(line_day.day_of_line as integer) as day_of_line,
        cast(placed.local_day as integer) as days_from_first_local,
        cast(placed.days_since_local as integer) as days_since_local,
        cast(placed.is_unreliable as boolean) as is_unreliable,
        cast(placed.is_near_progression as boolean) as is_near_progression
    from placed
    left join line_day on placed.sample_id = line_day.sample_id and placed.line = line_day.line
)
select * from final
