-- One row per file and set of rules: records set aside as a whole, because every table they could feed set them aside.
with feed as (
    select source_file, count(*) filter (canonical_table <> '') as n_tables from ledger group by source_file
),

record as (
    select
        set_aside_row.source_file,
        set_aside_row.source_row,
        count(distinct set_aside_row.canonical_table) as n_tables,
        string_agg(distinct set_aside_row.rule, ' + ' order by set_aside_row.rule) as rules
    from set_aside_row
    group by set_aside_row.source_file, set_aside_row.source_row
),

whole as (
    select record.source_file, record.source_row, record.rules
    from record
    inner join feed on record.source_file = feed.source_file
    left join (select distinct source_file, source_row from rejected_row) as rejected
        on record.source_file = rejected.source_file and record.source_row = rejected.source_row
    where record.n_tables >= greatest(feed.n_tables, 1) and rejected.source_row is null
)

select source_file, rules, count(*) as n_records, min(source_row) as first_row, max(source_row) as last_row
from whole
group by source_file, rules
order by n_records desc, source_file, rules
