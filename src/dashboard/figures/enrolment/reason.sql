-- One row per patient and event told of: screening failure, ctDNA declined, protocol deviation.
select
    usable_disposition.patient_id,
    usable_patient.site_id,
    usable_disposition.kind,
    usable_disposition.reason,
    usable_disposition.happened_on,
    usable_patient.enrolled_on is not null as is_enrolled
from usable_disposition
inner join usable_patient on usable_disposition.patient_id = usable_patient.patient_id
where usable_disposition.kind in ('screen_failure', 'ctdna_declined', 'protocol_deviation')
order by usable_disposition.kind, usable_disposition.patient_id, usable_disposition.row_key
