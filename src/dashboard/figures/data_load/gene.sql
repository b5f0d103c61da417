-- One row per gene name as written that was read as another name: in how many rows of which files.
select gene_as_written, gene, cast(sum(n_rows) as bigint) as n_rows, count(distinct source_file) as n_files
from gene_alias_note
group by gene_as_written, gene
order by gene_as_written, gene
