-- One row per planned blood draw that was taken before its window opened.
select
    follow_up.source_table as table_name,
    follow_up.source_key as row_key,
    'collected_on' as column_name,
    follow_up.patient_id,
    min(follow_up.label) || ', window opened ' || cast(min(follow_up.opens_on) as varchar) as value_text
from follow_up
where 
    follow_up.kind = 'ctdna' and follow_up.state = 'DONE_OUTSIDE_WINDOW' and follow_up.done_on < follow_up.opens_on
    and follow_up.source_table = 'ctdna_sample'
group by follow_up.source_table, follow_up.source_key, follow_up.patient_id
