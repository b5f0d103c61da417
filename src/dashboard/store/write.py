"""Writes the tables of a build into the files of a snapshot."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from dashboard.extracts.identifying import mask_identifiers_sql
from dashboard.extracts.masking import SHORTEST_IDENTIFIER
from dashboard.model.tables import canonical_tables, definition_tables

RAW_SCHEMA = "raw"


def write_definition(
    connection: duckdb.DuckDBPyConnection, rows: Mapping[str, Sequence[Mapping[str, Any]]]
) -> None:
    """Create the tables of the study definition and fill them with these rows."""
    for name, table in definition_tables().items():
        columns = ", ".join(f'"{field.name}" {field.sql_type}' for field in table.fields)
        connection.execute(f'create or replace table "{name}" ({columns})')
        own = rows.get(name, ())
        if own:
            known = list(dict.fromkeys(column for row in own for column in row))
            names = ", ".join(f'"{column}"' for column in known)
            # One statement for all rows: one for each would take longer than the tables themselves.
            marks = ", ".join([f"({', '.join('?' * len(known))})"] * len(own))
            values = [row.get(column) for row in own for column in known]
            connection.execute(f'insert into "{name}" ({names}) values {marks}', values)


def write_raw(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write each raw table as received (identifying columns already left out) to one Parquet file."""
    folder.mkdir()
    files = connection.execute(
        "select distinct source_file from source_file where n_records is not null order by 1"
    ).fetchall()
    for number, (name,) in enumerate(files, start=1):
        target = str(folder / f"{number:03d}.parquet").replace("'", "''")
        label = name.replace("'", "''")
        columns = ", ".join(_kept_text(connection, name))
        rows = f"select '{label}' as source_table, {columns} from {RAW_SCHEMA}.\"{name}\" order by source_row"
        connection.execute(f"copy ({rows}) to '{target}' (format parquet)")


def _kept_text(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """Columns of a raw table; personal numbers are masked where a text is long enough for one."""
    source = f'{RAW_SCHEMA}."{name}"'
    columns = [column for (column, *_) in connection.execute(f"describe {source}").fetchall()]
    quoted = [f'"{column.replace(chr(34), chr(34) * 2)}"' for column in columns]
    lengths = ", ".join(f"max(length(cast({column} as varchar)))" for column in quoted)
    longest = connection.execute(f"select {lengths} from {source}").fetchone() or ()
    return [
        f"{mask_identifiers_sql(column)} as {column}"
        if column != '"source_row"' and (length or 0) >= SHORTEST_IDENTIFIER
        else column
        for column, length in zip(quoted, longest, strict=True)
    ]


def write_store(connection: duckdb.DuckDBPyConnection, database: Path) -> None:
    """Copy every table and usable_* view of the build, in a stated row order, into a new DuckDB file.

    Rows are sorted, so two builds of the same inputs give identical tables; tables of patients lie in patient
    order, which is how pages read them.
    """
    path = str(database).replace("'", "''")
    connection.execute(f"attach '{path}' as store")
    for name in _tables(connection):
        connection.execute(
            f'create table store."{name}" as select * from main."{name}" order by {_order(connection, name)}'
        )
    for name in canonical_tables():
        # A view in the store, not a copy: what a check excludes is seen there as in the build.
        sql = connection.execute(
            "select sql from duckdb_views() where view_name = ? and database_name = current_database()",
            [f"usable_{name}"],
        ).fetchone()
        if sql:
            connection.execute(
                f'create table store."usable_{name}" as select * from "usable_{name}" order by row_key'
            )
    connection.execute("checkpoint store")
    connection.execute("detach store")


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() "
            "where schema_name = 'main' and database_name = current_database() order by 1"
        ).fetchall()
    ]


def _order(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    columns = [column for (column, *_) in connection.execute(f'describe "{name}"').fetchall()]
    leading = [column for column in ("patient_id", "sample_id") if column in columns]
    return ", ".join(
        f'"{column}" nulls first' for column in [*leading, *(c for c in columns if c not in leading)]
    )
