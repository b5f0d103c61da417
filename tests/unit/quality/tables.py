"""Small tables for one check: canonical, study definition and marts, as a build has them then."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import duckdb

from dashboard.model.tables import canonical_tables, definition_tables, mart_tables, stored_columns
from dashboard.quality.run import catalogue, run_check
from tests.builders import DAY_ZERO, OBSERVED_UNTIL, STUDY_DEFAULTS, Row
from tests.lent import lent

CUT_OFF = OBSERVED_UNTIL
# By check, whether a case found something (a hit) and whether one did not (a near miss).
SEEN: dict[str, set[bool]] = {}
LOAD_TABLES = {
    "rejected_row": (
        "source_file varchar, source_row bigint, canonical_table varchar, column_name varchar, "
        "value varchar, allowed varchar, message varchar, row_text varchar"
    ),
    "extract": (
        "study_id varchar, cut_off date, extracted_at varchar, calendar varchar, recruitment_opens date, "
        "recruitment_closes date"
    ),
}


def day(number: int) -> dt.date:
    """Date of study day `number`; day 0 is 1 January 2024."""
    return DAY_ZERO + dt.timedelta(days=number)


def connection_with(tables: Mapping[str, Iterable[Row]]) -> duckdb.DuckDBPyConnection:
    """Every table a check may read, filled with the rows given; what a row does not say is NULL."""
    connection = duckdb.connect()
    _create(connection)
    _fill(connection, tables)
    return connection


@contextmanager
def lent_with(tables: Mapping[str, Iterable[Row]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same in one connection for all cases; whatever is written meanwhile is undone at the end."""
    with lent(_create) as connection:
        _fill(connection, tables)
        yield connection


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    for name, columns in LOAD_TABLES.items():
        connection.execute(f"create table {name} ({columns})")
    for name, table in canonical_tables().items():
        body = ", ".join(f'"{column}" {kind}' for column, kind in stored_columns(table))
        connection.execute(f'create table "{name}" ({body})')
    for name, table in {**definition_tables(), **mart_tables()}.items():
        body = ", ".join(f'"{field.name}" {field.sql_type}' for field in table.fields)
        connection.execute(f'create table "{name}" ({body})')


def _fill(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Iterable[Row]]) -> None:
    filled = {"extract": [{}], "study": [{}], **tables}
    for name, rows in filled.items():
        for number, row in enumerate(rows, start=2):
            _insert(connection, name, _completed(name, row, number))


def _completed(name: str, row: Row, number: int) -> Row:
    if name == "study":
        return {**STUDY_DEFAULTS, **row}
    if name == "extract":
        return {"study_id": "test", "cut_off": CUT_OFF, "calendar": "calendar", **row}
    table = canonical_tables().get(name)
    if table is None:
        return {"patient_id": "P1", **row} if "patient_id" in _columns(name) else row
    given: dict[str, Any] = {"patient_id": "P1"} if "patient_id" in _columns(name) else {}
    given |= {"site_id": "01", "observed_until": OBSERVED_UNTIL} if name == "patient" else {}
    given |= row
    key = " | ".join(str(given.get(column, "")) for column in table.key)
    return {"row_key": key, "source_file": f"{name}.csv", "source_row": number, "n_copies": 1, **given}


@cache
def _columns(name: str) -> set[str]:
    known = {**canonical_tables(), **definition_tables(), **mart_tables()}.get(name)
    return {field.name for field in known.fields} if known else set()


def _insert(connection: duckdb.DuckDBPyConnection, name: str, row: Row) -> None:
    names = ", ".join(f'"{column}"' for column in row)
    marks = ", ".join("?" for _ in row)
    connection.execute(f'insert into "{name}" ({names}) values ({marks})', list(row.values()))


def found(check_id: str, **tables: Iterable[Row]) -> list[str]:
    """What one check says about these tables: the value_text of each data issue, sorted."""
    (check,) = [one for one in catalogue() if one.check_id == check_id]
    with lent_with(tables) as connection:
        run_check(connection, check)
        rows = connection.execute("select value_text from data_issue order by 1").fetchall()
    SEEN.setdefault(check_id, set()).add(bool(rows))
    return [text for (text,) in rows]


def n_applies_to(check_id: str, **tables: Iterable[Row]) -> int:
    """How many patients in these tables one check can find something of."""
    (check,) = [one for one in catalogue() if one.check_id == check_id]
    with lent_with(tables) as connection:
        run_check(connection, check)
        row = connection.execute("select n_patients from check_run").fetchone()
    return int(row[0]) if row else 0


def n_found(check_id: str, **tables: Iterable[Row]) -> int:
    """How many data issues one check finds in these tables."""
    return len(found(check_id, **tables))
