-- One row per source file (or sheet): how it was read, what it feeds, what is not read from it.
with fed as (
    select source_file, string_agg(distinct canonical_table, ', ' order by canonical_table) as feeds
    from ledger
    where canonical_table <> ''
    group by source_file
),

unmapped as (
    select source_file, count(*) as n_unmapped, string_agg(column_name, ', ' order by column_name) as unmapped
    from unmapped_column
    group by source_file
)

select
    source_file.source_file,
    source_file.encoding,
    source_file.n_records,
    fed.feeds,
    source_file.dropped_columns,
    coalesce(unmapped.n_unmapped, 0) as n_unmapped,
    unmapped.unmapped,
    source_file.notes,
    source_file.sha256
from source_file
left join fed on source_file.source_file = fed.source_file
left join unmapped on source_file.source_file = unmapped.source_file
order by source_file.source_file
