-- One row per blood draw that is not there and laboratory result without a patient that was collected in its window, the
-- grace included, of a patient of the year of birth the laboratory wrote; the sexes are compared by who asks.
select
    follow_up.patient_id,
    follow_up.window_key,
    patient.sex,
    unlinked_result.sex as written_sex
from follow_up
inner join patient on follow_up.patient_id = patient.patient_id
inner join unlinked_result
    on cast(year(patient.born_on) as varchar) = regexp_extract(unlinked_result.birth_year, '[0-9]{4}')
        and unlinked_result.collected_on between follow_up.opens_on
        and coalesce(follow_up.grace_until, follow_up.closes_on)
where follow_up.kind = 'ctdna' and follow_up.done_on is null
