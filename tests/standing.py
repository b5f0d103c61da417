"""Marts that stand from one case to the next: only what a case changes is filled and built again."""

import atexit
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any

import duckdb

from dashboard.marts.build import ORDER, build_marts, mart_select
from dashboard.model.tables import canonical_tables, definition_tables, mart_tables

Row = Mapping[str, Any]
Rows = Sequence[Any]


@cache
def _words(mart: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", mart_select(mart)))


@cache
def read_by(mart: str) -> frozenset[str]:
    """The tables that the SELECT of a mart names: usable and definition tables, earlier marts."""
    inputs = {*(f"usable_{name}" for name in canonical_tables()), *definition_tables()}
    return _words(mart) & (inputs | set(ORDER[: ORDER.index(mart)]))


class Standing:
    """A connection with tables that are filled or built only where what they rest on is another than before.

    `create` makes the empty usable and definition tables.
    """

    def __init__(self, create: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
        self.connection = duckdb.connect()
        # DuckDB complains of a connection that is still there when Python ends.
        atexit.register(self.connection.close)
        create(self.connection)
        self._numbers = count(1)
        # By table: the rows it holds, a number that tells them from all others it held, and the numbers of
        # the tables a mart was built from.
        self._rows: dict[str, Rows] = {}
        self._number: dict[str, int] = {}
        self._built_from: dict[str, dict[str, int]] = {}

    def fill(self, name: str, rows: Rows) -> None:
        """Let a table hold these rows; a mart too, in place of what its SELECT would give."""
        if self._rows.get(name) == rows and name not in self._built_from:
            return
        self._forget(name)
        if name in ORDER:
            columns = ", ".join(f'"{field.name}" {field.sql_type}' for field in mart_tables()[name].fields)
            self.connection.execute(f'create or replace table "{name}" ({columns})')
        self.connection.execute(f'delete from "{name}"')
        insert_rows(self.connection, name, rows)
        self._rows[name], self._number[name] = [dict(row) for row in rows], next(self._numbers)

    def build(self, name: str) -> None:
        """Let a mart be what its SELECT gives."""
        now = {table: self._number[table] for table in read_by(name)}
        if self._built_from.get(name) == now:
            return
        before = self._forget(name)
        build_marts(self.connection, names=(name,))
        rows = self.connection.execute(f'from "{name}"').fetchall()
        same = before is not None and before[0] == rows
        self._rows[name], self._built_from[name] = rows, now
        self._number[name] = before[1] if before is not None and same else next(self._numbers)

    def _forget(self, name: str) -> tuple[Rows, int] | None:
        """What a table held, forgotten: a filling or building that fails leaves nothing to rely on."""
        self._built_from.pop(name, None)
        rows, number = self._rows.pop(name, None), self._number.pop(name, 0)
        return None if rows is None else (rows, number)


def insert_rows(connection: duckdb.DuckDBPyConnection, name: str, rows: Rows) -> None:
    """Insert rows that need not say every column."""
    for row in rows:
        names = ", ".join(f'"{column}"' for column in row)
        marks = ", ".join("?" for _ in row)
        connection.execute(f'insert into "{name}" ({names}) values ({marks})', list(row.values()))
