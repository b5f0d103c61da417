"""Readable table builders: a test states the columns that matter, the rest is NULL."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import duckdb

from dashboard.marts.build import ADD_MONTHS_MACRO, ORDER
from dashboard.model.tables import canonical_tables, definition_tables, stored_columns
from tests.lent import lent
from tests.standing import Standing, insert_rows, read_by

Row = Mapping[str, Any]
DAY_ZERO = dt.date(2024, 1, 1)
OBSERVED_UNTIL = dt.date(2026, 2, 28)

STUDY_DEFAULTS: Row = {
    "study_id": "test",
    "calendar": "calendar",
    "response_mode": "recist",
    "index_origin": "line",
    "draw_baseline_from_day": -28,
    "draw_baseline_to_day": 7,
    "scan_baseline_from_day": -28,
    "scan_baseline_to_day": 7,
    "sustained_days": 28,
    "falling_numerator": 1,
    "falling_denominator": 2,
    "rising_factor": 2,
    "index_grace_days": 28,
    "line_combination_days": 28,
    "line_gap_days": 120,
    "line_gap_oral_days": 180,
    "add_on_days": 90,
    "switch_gap_days": 90,
    "discontinuation_gap_days": 120,
    "course_gap_days": 60,
    "surgery_unreliable_days": 28,
    "ablation_unreliable_days": 14,
    "pairing_days": 42,
    "pairing_sensitivity_days": 28,
    "progression_draw_days": 14,
    "second_draw_from_day": 60,
    "acquired_baseline_to_day": 28,
    "acquired_draw_from_day": -14,
    "acquired_draw_to_day": 30,
    "chip_maf_from_percent": 70,
    "chip_maf_to_percent": 140,
    "chip_others_fall_percent": 80,
    "progression_source": "reported",
    "ablation_reference_from_day": 28,
    "ablation_reference_to_day": 56,
    "result_pending_working_days": 15,
    "closing_soon_days": 30,
    "response_entry_days": 14,
    "record_entry_days": 10,
    "contact_stale_on_treatment_days": 90,
    "contact_stale_off_treatment_days": 180,
    "imaging_overdue_days": 98,
    "early_death_days": 90,
    "imaging_after_ctdna_days": 42,
    "no_next_step_days": 28,
    "laboratory_screening_days": 28,
    "adverse_event_after_days": 28,
    "adverse_events_from": "enrolment",
}
KNOWN_ALIVE = (
    "contact",
    "visit",
    "imaging",
    "response",
    "ctdna_sample",
    "measurement",
    "treatment",
    "adverse_event",
    "enrolment",
)


def day(number: int) -> dt.date:
    """Date of study day `number`; day 0 is 1 January 2024."""
    return DAY_ZERO + dt.timedelta(days=number)


def _create(connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[tuple[str, str]]) -> None:
    body = ", ".join(f'"{column}" {sql_type}' for column, sql_type in columns)
    connection.execute(f'create table "{name}" ({body})')


def _with_provenance(table: str, rows: Iterable[Row], key: Sequence[str]) -> list[Row]:
    return [
        {
            "row_key": " | ".join(str(row.get(column, "")) for column in key),
            "source_file": f"{table}.csv",
            "source_row": number,
            "n_copies": 1,
            **row,
        }
        for number, row in enumerate(rows, start=2)
    ]


def mart_inputs(tables: Mapping[str, Iterable[Row]]) -> duckdb.DuckDBPyConnection:
    """Connection that holds every usable_* and definition table, filled with the rows given.

    `tables` names canonical tables without the usable_ prefix ("patient") and definition tables ("study").
    A study row may be partial: the defaults of clinical-decisions fill it.
    """
    connection = duckdb.connect()
    _create_inputs(connection)
    _fill_inputs(connection, tables)
    return connection


def _create_inputs(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(ADD_MONTHS_MACRO)
    for name, table in canonical_tables().items():
        _create(connection, f"usable_{name}", stored_columns(table))
    for name, table in definition_tables().items():
        _create(connection, name, [(field.name, field.sql_type) for field in table.fields])


def _fill_inputs(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Iterable[Row]]) -> None:
    for name, rows in _input_rows(tables):
        insert_rows(connection, name, rows)


def _input_rows(tables: Mapping[str, Iterable[Row]]) -> Iterator[tuple[str, list[Row]]]:
    """Every usable_* and definition table with the rows it holds."""
    for name, table in canonical_tables().items():
        rows: list[Row] = list(_with_provenance(name, tables.get(name, ()), table.key))
        if name == "patient":
            rows = [{"site_id": "01", "observed_until": OBSERVED_UNTIL, **row} for row in rows]
        yield f"usable_{name}", rows
    for name in definition_tables():
        given = list(tables.get(name, ()))
        if name == "study":
            given = [{**STUDY_DEFAULTS, **(given[0] if given else {})}]
        if name == "known_alive_source" and not given:
            given = [{"source_table": source} for source in KNOWN_ALIVE]
        yield name, given


@contextmanager
def lent_inputs(tables: Mapping[str, Iterable[Row]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same in one connection for all cases; whatever is written meanwhile is undone at the end."""
    with lent(_create_inputs) as connection:
        _fill_inputs(connection, tables)
        yield connection


@cache
def _behind(name: str, given: frozenset[str]) -> frozenset[str]:
    own = (read_by(name) & set(ORDER)) - given
    return frozenset({name}).union(*(_behind(other, given) for other in own))


def marts_behind(*names: str, given: Iterable[str] = ()) -> list[str]:
    """The marts named and those they read, in their order: building the others only costs a test time.

    Marts that are given are not built, nor what only they read.
    """
    needed = frozenset().union(*(_behind(name, frozenset(given)) for name in names))
    return [name for name in ORDER if name in needed]


def run_mart(
    name: str, tables: Mapping[str, Iterable[Row]], *, columns: str = "*", order_by: str = "all"
) -> list[tuple[Any, ...]]:
    """Rows of one mart after building it and every mart it reads that `tables` does not give as rows."""
    standing = _standing()
    given = [mart for mart in ORDER if mart in tables]
    for table, rows in (*_input_rows(tables), *((mart, list(tables[mart])) for mart in given)):
        standing.fill(table, rows)
    for mart in marts_behind(name, given=given):
        standing.build(mart)
    return standing.connection.execute(f"select {columns} from {name} order by {order_by}").fetchall()


@cache
def _standing() -> Standing:
    return Standing(_create_inputs)
