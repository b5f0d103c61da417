"""The only way to study rows: a read-only view of one snapshot, limited to the granted sites."""

import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd

from dashboard.errors import BuiltEarlier
from dashboard.model.tables import mart_tables
from dashboard.store.answers import Answers, Parameters, question_of
from dashboard.store.asked import hear
from dashboard.store.frame import frame
from dashboard.store.snapshot import Snapshot

MEMORY_LIMIT = "2GB"
THREADS = 2
COLUMNS = "select table_name, column_name from duckdb_columns() where database_name = ?"
# The folder of a snapshot has its tables in store.duckdb: by that name DuckDB knows the opened file.
OPENED_FILE = "store.main"
# Rows of these tables cannot be given to a site, so a reader limited to sites does not see them.
WITHOUT_SITE = ("rejected_row", "set_aside_row", "unlinked_result", "structural_reject")
_opening = threading.Lock()
T = TypeVar("T")


@dataclass(frozen=True)
class Reader:
    """Rows of one snapshot that a user may see.

    `sites` is None for all sites, else the granted site ids. Frozen and hashable: the first argument of every
    cached function, so that one user's rows never serve another.
    """

    snapshot: Snapshot
    sites: tuple[str, ...] | None = None

    def rows(self, sql: str, parameters: Parameters = None) -> pd.DataFrame:
        """Result of one query as a frame. Values are bound, never pasted into the text."""
        hear(self, [(sql, parameters)])
        return self._kept(_frames, sql, parameters, read=frame).copy()

    def records(self, sql: str, parameters: Parameters = None) -> list[dict[str, Any]]:
        """Result of one query as plain records; dates stay dates, decimals stay decimals, missing is None."""
        hear(self, [(sql, parameters)])
        names, rows = self._kept(_tuples, sql, parameters, read=_names_and_tuples)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _kept(
        self,
        answers: Answers[T],
        sql: str,
        parameters: Parameters,
        *,
        read: Callable[[duckdb.DuckDBPyConnection], T],
    ) -> T:
        """The answer kept of the same question to the same database and sites, else a new one."""

        def ask() -> T:
            # One cursor per query: a connection shared by threads returns other threads' rows (stack.md).
            cursor = self._opened().connection.cursor()
            try:
                cursor.execute(sql, parameters if parameters is not None else [])
                return read(cursor)
            except (duckdb.CatalogException, duckdb.BinderException) as problem:
                lacking = self._lacking(sql)
                if lacking:
                    raise BuiltEarlier(
                        f"{self.snapshot.snapshot_id} was built without {lacking}"
                    ) from problem
                raise
            finally:
                cursor.close()

        question = question_of(sql, parameters)
        if question is None:
            return ask()
        return answers.take((self.snapshot.database, self.sites, question), ask)

    def _lacking(self, sql: str) -> str:
        """The marts the query names that this data cut has not, or not with all their columns."""
        declared, found = mart_tables(), self._opened().columns
        named = sorted(set(re.findall(r"\w+", sql)) & set(declared))
        return ", ".join(
            name for name in named if {field.name for field in declared[name].fields} - found.get(name, set())
        )

    def has_table(self, name: str) -> bool:
        """Whether the data cut was built with this table; one built before the table was added has it not."""
        return name in self._opened().columns

    def limits(self, sql: str) -> tuple[str, ...]:
        """Statements that give whoever opened store.duckdb itself, for this query, the reader's sites alone.

        One temporary view per table that the query names and that is limited; none for a reader of all sites.
        """
        columns, named = self._opened().columns, set(re.findall(r"\w+", sql))
        limits = {table: _limit(table, own, self.sites, whole=OPENED_FILE) for table, own in columns.items()}
        return tuple(
            f"create or replace temp view {table} as select * from {OPENED_FILE}.{table} {limits[table]}"
            for table in sorted(named & set(columns))
            if limits[table]
        )

    def _opened(self) -> "_Opened":
        with _opening:
            return _open(self.snapshot.database, self.sites)


Named = tuple[list[str], list[tuple[Any, ...]]]
_frames: Answers[pd.DataFrame] = Answers(lambda frame: frame.size)
_tuples: Answers[Named] = Answers(lambda named: len(named[0]) * len(named[1]))


def _names_and_tuples(cursor: duckdb.DuckDBPyConnection) -> Named:
    return [column[0] for column in cursor.description or ()], cursor.fetchall()


@dataclass(frozen=True)
class _Opened:
    """A connection with one view per table, and the columns of each table."""

    connection: duckdb.DuckDBPyConnection
    columns: dict[str, set[str]]


@lru_cache(maxsize=64)
def _open(database: Path, sites: tuple[str, ...] | None) -> _Opened:
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "threads": THREADS})
    # A name nobody can guess: a query cannot go round the views by naming the attached file.
    whole = f"s{secrets.token_hex(16)}"
    connection.execute(f"attach '{_quoted(database)}' as {whole} (read_only)")
    found = _columns(connection, whole)
    for table, columns in found.items():
        limit = _limit(table, columns, sites, whole=whole)
        connection.execute(f'create view "{table}" as select * from {whole}."{table}" {limit}')
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return _Opened(connection, found)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _columns(connection: duckdb.DuckDBPyConnection, whole: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for table, column in connection.execute(COLUMNS, [whole]).fetchall():
        found.setdefault(table, set()).add(column)
    return found


def _limit(table: str, columns: set[str], sites: tuple[str, ...] | None, *, whole: str) -> str:
    """The condition that leaves a table the rows of these sites; empty where it has all its rows."""
    if sites is None:
        return ""
    if table in WITHOUT_SITE:
        return "where false"
    granted = ", ".join("'" + site.replace("'", "''") + "'" for site in sites) or "null"
    patients = f"select patient_id from {whole}.patient where site_id in ({granted})"
    if "patient_id" in columns:
        return f"where patient_id in ({patients})"
    if "sample_id" in columns:
        samples = f"select sample_id from {whole}.ctdna_sample where patient_id in ({patients})"
        return f"where sample_id in ({samples})"
    return ""
