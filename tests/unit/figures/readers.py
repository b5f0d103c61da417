"""A reader over tables built in memory: figures on rows a clinician can check by hand."""

import datetime as dt
from pathlib import Path

import duckdb
import pandas as pd

from dashboard.marts.build import build_marts
from dashboard.store.snapshot import Snapshot
from tests.builders import OBSERVED_UNTIL, mart_inputs


class MemoryReader:
    """As store.reader.Reader, for one connection; `sites` None is all of them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, cut_off: dt.date = OBSERVED_UNTIL) -> None:
        self.connection = connection
        self.sites = None
        self.snapshot = Snapshot("test", f"{cut_off}-0", cut_off, Path("nowhere"))

    def rows(self, sql: str, parameters=None) -> pd.DataFrame:
        return self.connection.execute(sql, parameters or {}).df()

    def records(self, sql: str, parameters=None) -> list[dict]:
        cursor = self.connection.execute(sql, parameters or {})
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def memory_reader(tables: dict, *, cut_off: dt.date = OBSERVED_UNTIL) -> MemoryReader:
    """All marts built from canonical rows; no data issue."""
    connection = mart_inputs(tables)
    build_marts(connection)
    connection.execute("create table data_issue (check_id varchar, patient_id varchar)")
    return MemoryReader(connection, cut_off=cut_off)
