-- One row per patient and fact that the header of the patient page may state, with the row it rests on.
with patient as (
    select * from usable_patient
),
-- Receptors and drivers: the latest specimen counts.
pathology as (
    select
        result.*,
        row_number() over (
            partition by result.patient_id, result.test
            order by result.taken_on desc nulls last, result.row_key desc nulls last
        ) as place
    from usable_pathology as result
    inner join patient on result.patient_id = patient.patient_id
    where result.taken_on is null or result.taken_on <= patient.observed_until
),
lesion as (
    select record.patient_id, record.organ, record.assessed_on, record.row_key
    from usable_lesion as record
    inner join patient on record.patient_id = patient.patient_id
    where record.assessed_on <= patient.observed_until
),
-- What the hospital was asked at the study start: in metastatic disease 0 sites names none.
recorded_site as (
    select distinct own.patient_id
    from usable_characteristic as own
    inner join patient on own.patient_id = patient.patient_id
    where
        (own.recorded_on is null or own.recorded_on <= patient.observed_until)
        and (
            (own.name = 'metastatic_sites' and regexp_replace(own.value, '^0*[1-9][0-9]*$', '', 'g') = '' and own.value <> '')
            or (own.name = 'liver_metastases' and own.value = 'yes')
        )
),
-- A lesion of any kind, a site that a progression names, or a recorded one.
with_site as (
    select patient_id from lesion
    union
    select patient_id from header_site
    union
    select patient_id from recorded_site
),
cns as (
    select patient_id, assessed_on as seen_on, 'YES' as code, 'lesion' as source_table, row_key
    from lesion
    where organ in ('brain', 'cns', 'meninges')
    union all
    select response.patient_id, response.assessed_on, 'YES', 'response', response.row_key
    from usable_response as response
    inner join patient on response.patient_id = patient.patient_id
    where response.progression_pattern = 'cns' and response.assessed_on <= patient.observed_until
    union all
    select imaging.patient_id, imaging.imaged_on, 'NO', 'imaging', imaging.row_key
    from usable_imaging as imaging
    inner join patient on imaging.patient_id = patient.patient_id
    where imaging.is_cns_imaged and imaging.imaged_on <= patient.observed_until
),
ranked_cns as (
    select
        *, row_number() over (
            partition by patient_id
            order by case when code = 'YES' then 0 else 1 end nulls last, seen_on desc nulls last,
                row_key desc nulls last
        ) as place
    from cns
),
marker as (
    select
        result.*,
        row_number() over (
            partition by result.patient_id, result.name
            order by result.measured_on desc nulls last, result.row_key desc nulls last
        ) as place
    from usable_measurement as result
    inner join patient on result.patient_id = patient.patient_id
    where
        result.measured_on <= patient.observed_until and result.value is not null
        and result.name in ('cea', 'ca_15_3', 'ca_19_9', 'ca_125', 'afp', 'pivka_ii', 'cyfra_21_1', 'psa')
),
-- The last day of which anything is known of the patient; nobody can say what was taken after it.
last_known as (
    select
        patient_id, max(occurred_on) as known_on, min(source_key) as source_key,
        case min(source_table) when 'enrolment' then 'patient' else min(source_table) end as source_table
    from milestone where kind = 'known_alive' group by patient_id
),
-- Asked of the patients of this study, so that a patient without an answer is missing it.
asked as (
    select distinct name from usable_characteristic where name = 'hbv_status'
),
-- From the first local treatment to the first systemic one, else to death or the last day known without one.
systemic_free as (
    select
        origin.patient_id, origin.occurred_on as first_local_on, origin.source_key,
        count(case when later.kind = 'systemic_start' then 1 end) > 0 as is_started,
        count(case when later.kind = 'death' then 1 end) > 0 as is_dead, coalesce(
            min(case when later.kind = 'systemic_start' then later.occurred_on end),
            min(case when later.kind = 'death' then later.occurred_on end),
            max(case when later.kind = 'systemic_status_known' then later.occurred_on end)
        ) as until_on
    from milestone as origin
    cross join study
    left join milestone as later
        on origin.patient_id = later.patient_id and later.occurred_on >= origin.occurred_on
            and later.kind in ('systemic_start', 'systemic_status_known', 'death')
    where origin.kind = 'local_course_start' and origin.line = 1 and study.index_origin = 'local_therapy'
    group by origin.patient_id, origin.occurred_on, origin.source_key
),
-- Full months without disease; a year alone gives none.
free_months as (
    select patient_id, kind, n_months from disease_free_interval
    where from_spread_months < 12 and ended_spread_months < 12
),
-- A metastasis treated before the oligometastases of the study (clinical-decisions A31), with what a ruling is open on:
-- only organs where the cancer of another organ is a metastasis, as in the check of that date.
open_ruling as (
    select distinct patient_id, fact from eligibility_criterion where is_in_force and result_in_force = 'NEEDS_RULING'
),
treated_before as (
    select
        patient.patient_id, lower(episode.organ) as organ, episode.kind, episode.started_on as treated_on,
        open_ruling.fact as open_fact, episode.source_key,
        row_number() over (
            partition by patient.patient_id, lower(episode.organ)
            order by episode.started_on desc nulls last, episode.source_key desc nulls last
        ) as place
    from patient
    inner join treatment_episode as episode on patient.patient_id = episode.patient_id
    left join primary_organ
        on patient.tumour_type = primary_organ.tumour_type and lower(episode.organ) = primary_organ.organ
    left join open_ruling
        on
            patient.patient_id = open_ruling.patient_id
            and open_ruling.fact = 'characteristic.' || lower(episode.organ) || '_metastasis_before'
    where
        episode.kind in ('radiotherapy', 'ablation', 'surgery')
        and coalesce(episode.intent, 'unknown') not in ('adjuvant', 'neoadjuvant', 'supportive')
        and lower(episode.organ) in (select organ from metastasis_organ) and primary_organ.organ is null
        and episode.started_on < patient.oligometastatic_on
),
fact as (
    select
        patient_id, 'PATHOLOGY' as kind, test as name, result as code, cast(value_percent as decimal(18, 4)) as value,
        coalesce(intensity, case when value_percent is null then specimen end) as detail,
        cast(null as decimal(18, 4)) as upper_normal, taken_on as occurred_on,
        'pathology' as source_table, row_key as source_key
    from pathology
    where place = 1
    union all
    select own.patient_id, 'CHARACTERISTIC', own.name, own.value, null,
        case
            when extent.name = 'visceral_disease' and extent.value = 'yes' and not extent.is_ever_visceral
                then 'NO_VISCERAL_LESION'
        end,
        null, own.recorded_on, 'characteristic', own.row_key
    from usable_characteristic as own
    inner join patient on own.patient_id = patient.patient_id
    left join recorded_extent as extent on own.patient_id = extent.patient_id and own.name = extent.name
    where own.recorded_on is null or own.recorded_on <= patient.observed_until
    union all
    select patient.patient_id, 'MISSING', asked.name, null, null, null, null, null, 'patient', patient.row_key
    from patient
    cross join asked
    left join usable_characteristic as own
        on
            patient.patient_id = own.patient_id and asked.name = own.name
            and (own.recorded_on is null or own.recorded_on <= patient.observed_until)
    where own.patient_id is null and patient.enrolled_on is not null
    union all
    -- Of metastatic disease without any lesion or site on record nobody can name the sites (clinical-decisions A16).
    select patient.patient_id, 'MISSING', 'sites', null, null, null, null, null, 'patient', patient.row_key
    from patient
    left join with_site on patient.patient_id = with_site.patient_id
    where
        with_site.patient_id is null
        and (upper(coalesce(patient.stage, '')) like 'IV%' or patient.metastatic_on is not null)
    union all
    -- A progression names its new site alone: the disease there was before has sites of its own.
    select site.patient_id, 'MISSING', 'other_sites', null, null, null, null, null, 'patient', min(patient.row_key)
    from header_site as site
    inner join patient on site.patient_id = patient.patient_id
    left join lesion on site.patient_id = lesion.patient_id
    left join recorded_site on site.patient_id = recorded_site.patient_id
    where lesion.patient_id is null and recorded_site.patient_id is null
    group by site.patient_id
    union all
    select level.patient_id, 'FIRST_CTDNA', level.baseline_timing, level.status, null, null, null, level.collected_on,
        level.source_table, level.source_key
    from ctdna_level as level
    where level.is_baseline
    union all
    select patient_id, 'SYSTEMIC_FREE',
        case when is_started then 'ended' when is_dead then 'died' else 'running' end, null,
        cast(date_diff('day', first_local_on, until_on) as decimal(18, 4)), null, null, until_on, 'treatment',
        source_key
    from systemic_free where until_on is not null
    union all
    select patient_id, 'LAST_KNOWN', 'last_known', source_table, null, null, null, known_on, source_table, source_key
    from last_known
    union all
    select patient_id, 'TISSUE_DISAGREES', gene, tissue_result, cast(n_detected as decimal(18, 4)), variants, null,
        tissue_on, source_table, source_key
    from tissue_disagreement
    union all
    select course.patient_id, 'FOLLOWED', upper(course.gene),
        array_to_string(list_sort(list(distinct replace(course.variant, 'p.', ''))), ', '),
        cast(sum(course.n_detected) as decimal(18, 4)), null, null, min(course.first_detected_on),
        min(level.source_table), min(level.source_key)
    from variant_course as course
    inner join ctdna_level as level
        on course.patient_id = level.patient_id and course.latest_sample_id = level.sample_id
    where
        upper(course.gene) in ('BRCA1', 'BRCA2') and not coalesce(course.is_copy_number, false)
        and not coalesce(course.is_possible_chip, false) and (course.is_tracked or course.n_detected > 0)
    group by course.patient_id, upper(course.gene)
    union all
    select patient_id, 'CNS', 'cns', code, null, null, null, seen_on, source_table, row_key
    from ranked_cns where place = 1
    union all
    select patient_id, 'MARKER', name, comparator, value, unit, upper_normal, measured_on, 'measurement', row_key
    from marker where place = 1
    union all
    select * from header_course
    union all
    select episode.patient_id, 'SUPPORTIVE', lower(episode.agents), max(episode.label), null, null, null,
        min(episode.started_on), 'treatment', min(episode.source_key)
    from treatment_episode as episode
    where
        episode.drug_class = 'supportive' and episode.is_ongoing and episode.part_of is null
        and episode.agents is not null
    group by episode.patient_id, lower(episode.agents)
    union all
    select
        patient.patient_id, 'NED', 'ned', patient.ned_basis, cast(months.n_months as decimal(18, 4)), null, null,
        patient.ned_on, 'patient', patient.row_key
    from patient
    left join free_months as months on patient.patient_id = months.patient_id and months.kind = 'NED'
    where patient.ned_on is not null
    union all
    select
        patient.patient_id, 'METASTATIC', 'metastatic', patient.stage, cast(months.n_months as decimal(18, 4)), null,
        null, patient.metastatic_on, 'patient', patient.row_key
    from patient
    left join free_months as months on patient.patient_id = months.patient_id and months.kind = 'METASTATIC'
    where patient.metastatic_on is not null
    union all
    select
        patient_id, 'OLIGOMETASTATIC', 'oligometastatic', stage, null, null, null, oligometastatic_on, 'patient', row_key
    from patient where oligometastatic_on is not null
    union all
    select
        patient_id, 'TREATED_BEFORE', organ, case when open_fact is not null then 'NEEDS_RULING' end, null, kind, null,
        treated_on, 'treatment', source_key
    from treated_before where place = 1
),
dated as (
    select *, cast(null as date) as last_on from fact
    union all
    select patient_id, 'SITE', organ, state, cast(n_lesions as decimal(18, 4)), null, null, seen_on, source_table,
        source_key, last_on
    from header_site
),
final as (
    select
        cast(patient_id as varchar) as patient_id,
        cast(kind as varchar) as kind,
        cast(name as varchar) as name,
        cast(code as varchar) as code,
        cast(value as decimal(18, 4)) as value,
        cast(detail as varchar) as detail,
        cast(upper_normal as decimal(18, 4)) as upper_normal,
        cast(occurred_on as date) as occurred_on,
        cast(last_on as date) as last_on,
        cast(source_table as varchar) as source_table,
        cast(source_key as varchar) as source_key
    from dated
)
select * from final
