-- One row per patient with a valid ctDNA sample: the day of the last one.
select patient_id, max(occurred_on) as last_sampled_on
from milestone
where kind = 'valid_sample'
group by patient_id
order by patient_id
