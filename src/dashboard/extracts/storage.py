"""The schema `raw`: text tables, and the records that never became rows."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import duckdb
import pyarrow as pa

from dashboard.extracts.identifying import mask_identifiers

ROWS_PER_BATCH = 20_000
KEPT_CHARACTERS = 500
WITHHELD = "not kept: this file has columns that identify people"


class Record(NamedTuple):
    """One source record: its physical row and cells, or the reason why it is no row of the table."""

    source_row: int
    cells: Sequence[str | None] = ()
    reason: str | None = None
    text: str = ""


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the schema `raw` and the table `structural_reject`, one row per record that could not be split."""
    connection.execute("create schema if not exists raw")
    connection.execute(
        "create table if not exists structural_reject "
        "(source_file varchar, source_row bigint, reason varchar, text varchar)"
    )


def forget(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Remove what was read from a source before, so that two rules of a mapping may name one file."""
    found = connection.execute(
        "select table_type from information_schema.tables where table_schema = 'raw' and table_name = ?",
        [name],
    ).fetchone()
    if found:
        kind = "view" if found[0] == "VIEW" else "table"
        connection.execute(f"drop {kind} raw.{quoted(name)}")
        connection.execute("delete from structural_reject where source_file = ?", [name])


def store_rejects(
    connection: duckdb.DuckDBPyConnection, source_file: str, rejects: Sequence[Record], *, withhold_text: bool
) -> None:
    """Keep structural rejects, identifiers masked.

    In a line that could not be split nobody can say which cell is the name, so a file with identifying
    columns keeps the reason and the row only.
    """
    if not rejects:
        return
    texts = [WITHHELD if withhold_text else mask_identifiers(_kept(record.text)) for record in rejects]
    batch = pa.table(
        {
            "source_file": pa.array([source_file] * len(rejects), pa.string()),
            "source_row": pa.array([record.source_row for record in rejects], pa.int64()),
            "reason": pa.array([record.reason for record in rejects], pa.string()),
            "text": pa.array(texts, pa.string()),
        }
    )
    _insert(connection, "structural_reject", batch)


def store_records(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str | None], records: Iterable[Record]
) -> tuple[int, list[Record]]:
    """Fill `raw.<name>` with the cells of every record; a column named None is not stored.

    Gives the number of rows stored and the structural rejects among the records.
    """
    kept = [(position, column) for position, column in enumerate(columns) if column is not None]
    declared = "".join(f"{quoted(column)} varchar, " for _, column in kept)
    table = f"raw.{quoted(name)}"
    connection.execute(f"create table {table} ({declared}source_row bigint)")
    empty = "".join(f"nullif({quoted(column)}, ''), " for _, column in kept) + "source_row"
    rejects: list[Record] = []
    n_stored = 0
    for batch in _batches(records, rejects):
        cells = list(zip(*(record.cells for record in batch), strict=True))
        arrays = [pa.array(cells[position], pa.string()) for position, _ in kept]
        rows = pa.array([record.source_row for record in batch], pa.int64())
        _insert(
            connection, table, pa.table([*arrays, rows], names=[*(c for _, c in kept), "source_row"]), empty
        )
        n_stored += len(batch)
    return n_stored, rejects


def _batches(records: Iterable[Record], rejects: list[Record]) -> Iterator[list[Record]]:
    source = iter(records)
    while batch := list(islice(source, ROWS_PER_BATCH)):
        rejects.extend(record for record in batch if record.reason is not None)
        rows = [record for record in batch if record.reason is None]
        if rows:
            yield rows


def _insert(connection: duckdb.DuckDBPyConnection, table: str, batch: pa.Table, columns: str = "*") -> None:
    connection.register("arrow_batch", batch)
    try:
        connection.execute(f"insert into {table} select {columns} from arrow_batch")
    finally:
        connection.unregister("arrow_batch")


def _kept(text: str) -> str:
    # A NUL ends a string for many programs that will read this table.
    return text[:KEPT_CHARACTERS].replace("\0", "␀")
