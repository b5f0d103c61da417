"""A reader over tables built in memory: figures on rows a clinician can check by hand."""

import datetime as dt
import re
from pathlib import Path

import duckdb
import pandas as pd

from dashboard.marts.build import ORDER, build_marts
from dashboard.store.asked import hear
from dashboard.store.snapshot import Snapshot
from tests.builders import OBSERVED_UNTIL, mart_inputs, marts_behind


class MemoryReader:
    """As store.reader.Reader, for one connection; marts are built when asked for. `sites` None is all."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, cut_off: dt.date = OBSERVED_UNTIL) -> None:
        self.connection = connection
        self.sites = None
        self._built: set[str] = set()
        self.snapshot = Snapshot("test", f"{cut_off}-0", cut_off, Path("nowhere"))

    def _build(self, sql: str) -> None:
        named = set(re.findall(r"\w+", sql)) & set(ORDER)
        missing = [name for name in marts_behind(*named) if name not in self._built] if named else []
        build_marts(self.connection, names=missing)
        self._built.update(missing)

    def rows(self, sql: str, parameters=None) -> pd.DataFrame:
        hear(self, [(sql, parameters)])
        self._build(sql)
        return self.connection.execute(sql, parameters or {}).df()

    def records(self, sql: str, parameters=None) -> list[dict]:
        hear(self, [(sql, parameters)])
        self._build(sql)
        cursor = self.connection.execute(sql, parameters or {})
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def memory_reader(tables: dict, *, cut_off: dt.date = OBSERVED_UNTIL) -> MemoryReader:
    """All tables built from canonical rows; no data issue."""
    connection = mart_inputs(tables)
    columns = "check_id varchar, patient_id varchar, issue_group varchar, is_systematic boolean"
    connection.execute(f"create table data_issue ({columns})")
    return MemoryReader(connection, cut_off=cut_off)
