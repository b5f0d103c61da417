"""A sample study loaded from its written files, and the truth it must equal."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from dashboard.extracts.load import LoadReport, load_extract
from dashboard.model.tables import canonical_tables
from dashboard.studies.load import load_study

STUDIES = Path(__file__).parents[2] / "data" / "studies"
# What the file itself says in its own words: never equal to the truth's.
AS_WRITTEN = {"as_written", "maf_text", "hgvs_p", "quantity_text"}
# The loader writes units in their canonical spelling (data/reference/unit_conversions.csv).
SPELLINGS = {"10^9/L": "10⁹/L", "umol/L": "µmol/L"}

Rows = dict[tuple[Any, ...], dict[str, Any]]


def loaded(
    study_folder: Path, extract: Path, layout: str | None = None
) -> tuple[duckdb.DuckDBPyConnection, LoadReport]:
    """A connection with the canonical tables of one extract."""
    connection = duckdb.connect()
    report = load_extract(study_folder, extract, load_study(study_folder), connection, layout)
    return connection, report


def loaded_rows(connection: duckdb.DuckDBPyConnection, table: str) -> Rows:
    """The rows of a canonical table by their key."""
    relation = connection.execute(f'select * from "{table}"')
    columns = [one[0] for one in relation.description]
    return by_key(table, [dict(zip(columns, row, strict=True)) for row in relation.fetchall()])


def by_key(table: str, rows: list[Mapping[str, Any]]) -> Rows:
    """Rows by the natural key of the table; the key must be unique."""
    key = canonical_tables()[table].key
    found = {tuple(row.get(name) for name in key): dict(row) for row in rows}
    assert len(found) == len(rows), f"{table}: a key stands for several rows"
    return found


def plain(value: Any) -> Any:
    """A value as it is compared: numbers by their size, whatever their type; no value is None."""
    if value is None or value != value:
        return None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return Decimal(str(value)).normalize()
    return SPELLINGS.get(value, value) if isinstance(value, str) else value


def same_day(expected: date, found: Mapping[str, Any], column: str) -> bool:
    """A date that was written without its day or month equals the truth as far as it goes."""
    got, precision = found[column], found[f"{column}_precision"]
    parts = {"day": 3, "month": 2, "year": 1}[precision] if got else 0
    return got is not None and expected.timetuple()[:parts] == got.timetuple()[:parts]


def differences(expected: Rows, found: Rows, *, columns: list[str]) -> list[str]:
    """What is missing, too much or different, as readable lines."""
    lines = [f"not loaded: {key}" for key in expected if key not in found]
    lines += [f"not in the truth: {key}" for key in found if key not in expected]
    for key, row in expected.items():
        for column in columns if key in found else []:
            wanted, got = plain(row.get(column)), plain(found[key][column])
            is_same = same_day(wanted, found[key], column) if isinstance(wanted, date) else wanted == got
            if not is_same:
                lines.append(f"{key} {column}: {got!r}, the truth has {wanted!r}")
    return lines
