"""Every text that lies in the files of a store, cell by cell, because DuckDB packs text."""

import sqlite3
from pathlib import Path

import duckdb


def duckdb_texts(folder: Path) -> set[str]:
    """Every distinct text of every table in the databases and Parquet files under a folder."""
    found = set()
    for path in folder.rglob("*.duckdb"):
        with duckdb.connect(str(path)) as connection:
            tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            for schema, table in tables:
                found |= _texts_of(connection, f'"{schema}"."{table}"')
    with duckdb.connect() as connection:
        for path in folder.rglob("*.parquet"):
            found |= _texts_of(connection, f"read_parquet('{path}')")
    return found


def sqlite_texts(path: Path) -> set[str]:
    """Every text of every table."""
    with sqlite3.connect(path) as connection:
        names = [
            name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")
        ]
        rows = [row for name in names for row in connection.execute(f'select * from "{name}"')]
    return {cell for row in rows for cell in row if isinstance(cell, str)}


def _texts_of(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """Every distinct text in any column of a table."""
    found = set()
    for name, kind, *_ in connection.execute(f"describe select * from {table}").fetchall():
        if kind == "VARCHAR":
            values = connection.execute(f'select distinct "{name}" from {table} where "{name}" is not null')
            found |= {text for (text,) in values.fetchall()}
    return found
