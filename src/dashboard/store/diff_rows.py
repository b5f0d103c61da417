"""Rows of two data cuts side by side: which are new, which have gone, which have other values.

Rows are matched by patient and `row_key`. Where a row came from (file, row, number of identical copies) is
never a change, nor is a text "as written" beside a value that stayed the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from dashboard.model.tables import Table
from dashboard.store.reader import Reader

Row = Mapping[str, Any]
Key = tuple[str, str]
NO_PATIENT = ""
EMPTY = (None, "unknown")
# Values that wait for another one: what follows them is news, no correction.
OPEN_VALUES: dict[tuple[str, str], tuple[Any, ...]] = {
    ("ctdna_sample", "status"): ("pending",),
    ("treatment", "is_ongoing"): (True,),
    ("adverse_event", "outcome"): ("recovering", "not recovered", "ongoing"),
}
# Text of the file, and the columns that hold what it means: it counts only where these are all empty.
TEXT_OF: dict[tuple[str, str], tuple[str, ...]] = {
    ("characteristic", "value_as_written"): ("value",),
    ("pathology", "result_as_written"): ("result", "value_percent"),
    ("treatment", "agents_as_written"): ("agents",),
    ("treatment", "stop_reason_as_written"): ("stop_reason",),
    ("ctdna_sample", "quantity_text"): ("quantity_value",),
    ("variant", "gene_as_written"): ("gene",),
    ("variant", "hgvs_p"): ("variant",),
    ("variant", "maf_text"): ("maf_ppm",),
    ("response", "as_written"): ("overall", "target", "non_target"),
    ("measurement", "value_as_written"): ("value",),
    ("adverse_event", "term_as_written"): ("term",),
    ("adverse_event", "relatedness_as_written"): ("relatedness",),
    ("contact", "death_cause_as_written"): ("death_cause",),
}


class Kind(StrEnum):
    """What happened to a row or to what rows say together, in the order of the page."""

    NEW = "new"
    CORRECTED = "corrected"
    MOVED = "moved"
    VANISHED = "vanished"
    RULE_CHANGED = "rule_changed"


@dataclass(frozen=True)
class ValueChange:
    """One column of a row with its value before and after."""

    column: str
    old: Any
    new: Any


@dataclass(frozen=True)
class RowChange:
    """One row that differs between two data cuts.

    `old` is None where the row is new, `new` where it has vanished. A row whose empty or waiting values were
    filled is NEW with both rows and its `values`.
    """

    kind: Kind
    table: str
    patient_id: str
    row_key: str
    old: Row | None = None
    new: Row | None = None
    values: tuple[ValueChange, ...] = ()

    @property
    def is_whole_row(self) -> bool:
        """True where the row stands in one of the two data cuts only."""
        return self.old is None or self.new is None


@lru_cache(maxsize=64)
def columns_of(reader: Reader) -> dict[str, frozenset[str]]:
    """Columns of every table the reader has, by table."""
    found: dict[str, set[str]] = {}
    sql = "select table_name, column_name from duckdb_columns() where database_name = current_database()"
    for row in reader.records(sql):
        found.setdefault(row["table_name"], set()).add(row["column_name"])
    return {table: frozenset(columns) for table, columns in found.items()}


def differing_rows(
    before: Reader, after: Reader, table: Table, *, patient_id: str | None = None
) -> list[RowChange]:
    """Rows of one table that are new, gone or have other values, by patient and key.

    One query a data cut for one patient; for a whole study (no patient_id) two: the hashes of all rows, then
    the rows whose hash differs. A column that only one data cut has is not compared.
    """
    shared = columns_of(before).get(table.name, frozenset()) & columns_of(after).get(table.name, frozenset())
    if not shared:
        return []
    select = _Select.of(table, shared)
    if patient_id is None:
        keys = _differing_keys(before, after, select)
        if not keys:
            return []
        olds, news = select.rows(before, keys=keys), select.rows(after, keys=keys)
    else:
        olds, news = select.rows(before, patient_id=patient_id), select.rows(after, patient_id=patient_id)
    changes = (_row_change(table, key, olds.get(key), news.get(key)) for key in sorted(olds.keys() | news))
    return [change for change in changes if change is not None]


@dataclass(frozen=True)
class _Select:
    """The text of the queries on one table, limited to the columns both data cuts have."""

    columns: tuple[str, ...]
    source: str
    patient: str
    key: str

    @classmethod
    def of(cls, table: Table, shared: frozenset[str]) -> "_Select":
        declared = [name for field in table.fields for name in (field.name, f"{field.name}_precision")]
        columns = tuple(name for name in declared if name in shared)
        if "patient_id" in shared:
            source, patient = f'"{table.name}" as t', "t.patient_id"
        elif "sample_id" in shared:
            samples = "(select sample_id, patient_id from ctdna_sample) as s"
            source, patient = (
                f'"{table.name}" as t left join {samples} on s.sample_id = t.sample_id',
                "s.patient_id",
            )
        else:
            source, patient = f'"{table.name}" as t', "cast(null as varchar)"
        parts = ", ".join(f"coalesce(cast(t.\"{name}\" as varchar), '')" for name in table.key)
        key = "t.row_key" if "row_key" in shared else f"concat_ws(' | ', {parts})"
        return cls(columns, source, f"coalesce({patient}, '{NO_PATIENT}')", key)

    def rows(
        self, reader: Reader, *, patient_id: str | None = None, keys: Iterable[str] = ()
    ) -> dict[Key, Row]:
        """Rows of one patient, or the rows of these keys, by patient and key."""
        wanted, value = (
            (f"{self.key} in (select unnest($wanted))", sorted(keys))
            if patient_id is None
            else (f"{self.patient} = $wanted", patient_id)
        )
        columns = ", ".join(f't."{name}"' for name in self.columns)
        sql = (
            f"select {self.patient} as patient_of_row, {self.key} as key_of_row, {columns} "
            f"from {self.source} where {wanted}"
        )
        found: dict[Key, Row] = {}
        for row in reader.records(sql, {"wanted": value}):
            found[row.pop("patient_of_row"), row.pop("key_of_row")] = row
        return found

    def hashes(self, reader: Reader) -> dict[Key, int]:
        """A hash of each row's values, by patient and key."""
        columns = ", ".join(f't."{name}"' for name in self.columns)
        sql = f"select {self.patient} as p, {self.key} as k, hash({columns}) as h from {self.source}"
        return {(row["p"], row["k"]): row["h"] for row in reader.records(sql)}


def _differing_keys(before: Reader, after: Reader, select: _Select) -> set[str]:
    old, new = select.hashes(before), select.hashes(after)
    return {key[1] for key in old.keys() | new if old.get(key) != new.get(key)}


def _row_change(table: Table, key: Key, old: Row | None, new: Row | None) -> RowChange | None:
    patient_id, row_key = key
    if old is None or new is None:
        kind = Kind.NEW if old is None else Kind.VANISHED
        return RowChange(kind, table.name, patient_id, row_key, old, new)
    values = value_changes(table, old, new)
    if not values:
        return None
    kind = Kind.NEW if all(_is_filled(table.name, value) for value in values) else Kind.CORRECTED
    return RowChange(kind, table.name, patient_id, row_key, old, new, values)


def value_changes(table: Table, old: Row, new: Row) -> tuple[ValueChange, ...]:
    """Columns of a row that mean something else than before, in the order of the model."""
    return tuple(
        ValueChange(field.name, old.get(field.name), new.get(field.name))
        for field in table.fields
        if field.name in old and _differs(table.name, field.name, old, new)
    )


def _differs(table: str, column: str, old: Row, new: Row) -> bool:
    meanings = TEXT_OF.get((table, column))
    if meanings is not None and not all(is_empty(row.get(name)) for row in (old, new) for name in meanings):
        return False
    precision = f"{column}_precision"
    return old[column] != new[column] or old.get(precision) != new.get(precision)


def is_empty(value: Any) -> bool:
    """True for a value that says nothing."""
    return any(value is one or value == one for one in EMPTY)


def _is_filled(table: str, value: ValueChange) -> bool:
    was_open = is_empty(value.old) or value.old in OPEN_VALUES.get((table, value.column), ())
    return was_open and value.old != value.new
