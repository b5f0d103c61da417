"""Good rows and bad rows part: amended reports, identical copies, rows that contradict each other."""

from typing import Any

import duckdb
import pyarrow as pa

from dashboard.extracts.stage import key_sql, stage_columns
from dashboard.extracts.values import named, quoted
from dashboard.model.tables import PROVENANCE, Table, canonical_tables, stored_columns

GOOD = "problems is null and set_aside is null"
ONE_KEY = "different rows under one key: each is left out until the source says which is right"


def stage_of(name: str) -> str:
    """Name of the temporary table, as SQL."""
    return named(f"stage {name}")


def create_stage(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The empty canonical table, and a temporary one for those of its rows that are not known to be good."""
    stored = ", ".join(
        f"{named(name)} {sql_type}{_packing(name, sql_type)}" for name, sql_type in stored_columns(table)
    )
    connection.execute(f"create table {named(table.name)} ({stored})")
    body = ", ".join(f"{named(name)} {sql_type}" for name, sql_type in stage_columns(table))
    connection.execute(f"create temporary table {stage_of(table.name)} ({body})")


def _packing(name: str, sql_type: str) -> str:
    """Words repeat from row to row: packed, they are sooner written and read. A build writes every table
    once more, sorted, into the store: packing numbers and keys here is work for nothing."""
    is_word = sql_type == "VARCHAR" and name != "row_key" and not name.endswith("_id")
    return "" if is_word else " using compression uncompressed"


def _withdraw(connection: duckdb.DuckDBPyConnection, table: Table, condition: str) -> None:
    """Rows of the canonical table that meet a condition go back to the stage."""
    name = named(table.name)
    connection.execute(
        f"create or replace temporary table withdrawn as select rowid as place from {name} where {condition}"
    )
    if connection.execute("select count(*) from withdrawn").fetchall()[0][0]:
        those = f"from {name} where rowid in (select place from withdrawn)"
        connection.execute(f"insert into {stage_of(table.name)} by name select * exclude (row_key) {those}")
        connection.execute(f"delete {those}")


def name_genes(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """A gene written by an alias gets its HGNC symbol (gene_aliases.csv); the alias stays beside it."""
    known = "join gene_alias on alias_written = upper(gene) where gene <> alias_gene"
    genes = f"select gene from (select distinct gene from {named(table.name)}) {known}"
    _withdraw(connection, table, f"gene in ({genes})")
    kept = "gene_as_written = coalesce(gene_as_written, gene), "
    has_room = any(field.name == "gene_as_written" for field in table.fields)
    connection.execute(
        f"""
        update {stage_of(table.name)} set {kept if has_room else ""}gene = alias_gene
        from gene_alias where alias_written = upper(gene) and gene <> alias_gene
        """
    )


def set_aside_amended(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Of several versions of one report only the highest stays; earlier ones get the rule `amended`.

    Versions belong to one key; those of variants to their sample, because a report lists all of them.
    """
    stage = stage_of(table.name)
    group = "sample_id" if table.name == "variant" else key_sql(table)
    connection.execute(
        f"""
        update {stage} set set_aside = 'amended'
        from (
            select {group} as report, max(version) as latest from {stage}
            where {GOOD} and version is not null group by {group}
        ) as newest
        where {GOOD} and {group} = newest.report and coalesce(version, 0) < newest.latest
        """
    )


def convert_units(connection: duckdb.DuckDBPyConnection) -> None:
    """Measurements in their canonical unit (unit_conversions.csv).

    A unit that a listed quantity cannot have is rejected; a quantity that is not listed keeps its unit.
    """
    written = "lower(replace(plain_text(unit), 'μ', 'µ'))"
    connection.execute(
        f"""
        update "stage measurement" set
            value = cast(value * found.factor as decimal(18, 4)),
            lower_normal = cast(lower_normal * found.factor as decimal(18, 4)),
            upper_normal = cast(upper_normal * found.factor as decimal(18, 4)),
            unit = found.canonical
        from (select quantity, written_unit, unit as canonical, factor from unit_conversion) as found
        where {GOOD} and name = found.quantity and {written} = found.written_unit
        """
    )
    connection.execute(
        f"""
        update "stage measurement" set problems = to_json([{{
            'column_name': 'unit', 'value': masked(unit), 'allowed': listed.units
        }}])
        from (
            select quantity, string_agg(distinct written_unit, ', ' order by written_unit) as units
            from unit_conversion group by quantity
        ) as listed
        where {GOOD} and name = listed.quantity and unit is not null
            and unit not in (select unit_conversion.unit from unit_conversion where quantity = name)
        """
    )


def set_aside_unlinked(connection: duckdb.DuckDBPyConnection) -> None:
    """Variants of a sample that reaches no patient wait with it."""
    _withdraw(
        connection, canonical_tables()["variant"], "sample_id in (select sample_id from unlinked_sample)"
    )
    connection.execute(
        f"""
        update "stage variant" set set_aside = 'unlinked_laboratory_id'
        where {GOOD} and sample_id in (select sample_id from unlinked_sample)
        """
    )


def settle_duplicates(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Identical rows become one with n_copies; different rows under one key are all rejected.

    A copy keeps n_copies 0 until the ledger has counted it and `finish_stage` leaves it out.
    """
    name = stage_of(table.name)
    keys = ", ".join(named(column) for column in table.key)
    hashes = (
        f"select hash({keys}) as key_hash from {named(table.name)} "
        f"union all select hash({keys}) from {name} where {GOOD}"
    )
    if not _note_repeated(connection, hashes):
        return
    _withdraw(connection, table, f"hash({keys}) in (select key_hash from repeated)")
    compared = [column for column, _ in stored_columns(table) if column not in PROVENANCE]
    content = ", ".join(named(column) for column in compared)
    connection.execute(
        f"""
        create or replace temporary table repeat as
        select
            source_file, source_row, {key_sql(table)} as row_key, hash({content}) as content,
            {name}.rowid as place
        from {name} where {GOOD} and hash({keys}) in (select key_hash from repeated)
        """
    )
    connection.execute(
        """
        create or replace temporary table verdict as
        select
            place,
            row_key,
            min(content) over (partition by row_key) <> max(content) over (partition by row_key) as differs,
            count(*) over (partition by row_key) as n_copies,
            row_number() over (partition by row_key order by source_file, source_row, place) as number
        from repeat
        """
    )
    connection.execute(
        f"""
        update {name} set
            problems = case when differs then to_json([{{
                'column_name': {quoted(", ".join(table.key))}, 'value': masked(verdict.row_key),
                'allowed': {quoted(ONE_KEY)}
            }}]) end,
            n_copies = case when differs then 1 when number = 1 then verdict.n_copies else 0 end
        from verdict where {name}.rowid = verdict.place and (differs or verdict.n_copies > 1)
        """
    )


def finish_stage(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The good rows of the stage go to the canonical table, and the stage goes."""
    columns = ", ".join(
        f"{key_sql(table)} as row_key" if name == "row_key" else named(name)
        for name, _ in stored_columns(table)
    )
    stage = stage_of(table.name)
    connection.execute(
        f"insert into {named(table.name)} select {columns} from {stage} where {GOOD} and n_copies > 0"
    )
    connection.execute(f"drop table {stage}")


def _note_repeated(connection: duckdb.DuckDBPyConnection, hashes: str) -> bool:
    """Keep in the table `repeated` each hash that stands twice or more; False where none does.

    Sorting the hashes takes half the time of grouping them: nearly all are alone.
    """
    found: Any = connection.execute(hashes).fetchnumpy()["key_hash"]
    found.sort()
    repeated = found[1:][found[1:] == found[:-1]]
    batch = pa.table({"key_hash": pa.array(repeated, pa.uint64())})
    connection.register("arrow_batch", batch)
    try:
        connection.execute("create or replace temporary table repeated as from arrow_batch")
    finally:
        connection.unregister("arrow_batch")
    return len(repeated) > 0
