"""The whole truth of a sample study, and the part of it that an extract of a given day shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from dashboard.demo.workdays import as_date
from dashboard.model.tables import Table, canonical_tables

CANONICAL = {table.name: table for table in canonical_tables().values()}
CANONICAL_ORDER = tuple(CANONICAL)
DATE_COLUMNS = {
    name: frozenset(item.name for item in table.fields if item.type == "date")
    for name, table in CANONICAL.items()
}


@dataclass
class Record:
    """One canonical row with the day it becomes visible and what later days change in it."""

    table: str
    known_on: int
    values: dict[str, Any]
    revisions: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    deleted_on: int | None = None

    def revise(self, known_on: int, **changes: Any) -> None:
        """From this day on the row shows the changed values."""
        self.revisions.append((known_on, changes))
        self.revisions.sort(key=lambda revision: revision[0])

    def as_of(self, day: int | None) -> dict[str, Any] | None:
        """The row as an extract of this day shows it (no day: at the end); None while it is not there."""
        if day is not None and self.known_on > day:
            return None
        if self.deleted_on is not None and (day is None or self.deleted_on <= day):
            return None
        values = dict(self.values)
        for known_on, changes in self.revisions:
            if day is None or known_on <= day:
                values |= changes
        return values


@dataclass(frozen=True)
class PlantedEdit:
    """One change put into the study between two data cuts, on purpose and listed."""

    cut_off: date
    kind: str
    table: str
    row_key: tuple[str, ...]
    column: str
    old: Any
    new: Any


@dataclass
class StudyTruth:
    """Every record of a study, what was planted in it, and the latent values behind it."""

    study_id: str
    seed: int
    records: list[Record] = field(default_factory=list)
    planted: dict[str, list[str]] = field(default_factory=dict)
    edits: list[PlantedEdit] = field(default_factory=list)
    latent: list[dict[str, Any]] = field(default_factory=list)

    def add(self, table: str, known_on: int, /, **values: Any) -> Record:
        """Write one row that becomes visible on a day; days of date columns are day numbers."""
        record = Record(table, known_on, values)
        self.records.append(record)
        return record

    def plant(self, name: str, item: str) -> None:
        """Note that a planted item of this name lies with this patient (or sample)."""
        self.planted.setdefault(name, []).append(item)

    def of(self, table: str, **wanted: Any) -> list[Record]:
        """Records of a table whose first values match."""
        return [
            record
            for record in self.records
            if record.table == table and all(record.values.get(k) == v for k, v in wanted.items())
        ]


def _frame(table: Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    filled = {name for row in rows for name in row}
    unknown = filled - {item.name for item in table.fields}
    if unknown:
        raise KeyError(f"{table.name}: not in the model: {sorted(unknown)}")
    columns = [item.name for item in table.fields if item.name in filled]
    dates = DATE_COLUMNS[table.name]
    data = {name: [_written(row.get(name), name in dates) for row in rows] for name in columns}
    return pd.DataFrame(data, columns=columns, dtype=object)


def _written(value: Any, is_date: bool) -> Any:
    return as_date(value) if is_date and isinstance(value, int) else value


def _frames(truth: StudyTruth, day: int | None) -> dict[str, pd.DataFrame]:
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in CANONICAL_ORDER}
    for record in truth.records:
        values = record.as_of(day)
        if values is not None:
            rows[record.table].append(values)
    return {name: _frame(CANONICAL[name], rows[name]) for name in CANONICAL_ORDER}


def to_frames(truth: StudyTruth) -> dict[str, pd.DataFrame]:
    """Canonical frames of the finished study; columns no row fills are absent, values are Python objects."""
    return _frames(truth, None)


def extract_at(truth: StudyTruth, cut_off: date) -> dict[str, pd.DataFrame]:
    """Canonical frames as they stand in an extract of this data cut."""
    return _frames(truth, cut_off.toordinal())


def rows_of(frame: pd.DataFrame) -> list[Mapping[str, Any]]:
    """The rows of a frame as plain mappings."""
    return frame.to_dict("records")  # type: ignore[return-value]  # pandas types the keys as Hashable
