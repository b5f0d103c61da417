"""What changed between two data cuts of a study: one entry per edit, for one patient or for all.

Canonical tables are compared (design.md sections 3 and 6). Where none of a patient's rows differ and yet the
derived rows do, while the study rules or the software changed, the entry says "rule changed". Both sides are
read through a Reader, so nobody sees more of an old data cut than of a new one.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.model.tables import canonical_tables
from dashboard.store.diff_derived import derived_differences
from dashboard.store.diff_moves import Event, event_of, pair_moves
from dashboard.store.diff_rows import NO_PATIENT, Kind, RowChange, ValueChange, differing_rows
from dashboard.store.reader import Reader

__all__ = [
    "Change",
    "Kind",
    "RowChange",
    "TableCount",
    "ValueChange",
    "count_by_table",
    "patient_changes",
    "study_changes",
]
KIND_ORDER = tuple(Kind)
RELATIVE = "relative"


@dataclass(frozen=True)
class Change:
    """One edit: the rows it touched, the row that names it first. `patient_id` is empty for study tables."""

    kind: Kind
    patient_id: str
    rows: tuple[RowChange, ...]

    @property
    def table(self) -> str:
        """Table of the row that names the change."""
        return self.rows[0].table

    @property
    def row_key(self) -> str:
        """Key of the row that names the change."""
        return self.rows[0].row_key


@dataclass(frozen=True)
class TableCount:
    """Rows of one table that changed in one way, and the patients they belong to."""

    table: str
    kind: Kind
    n_rows: int
    n_patients: int


def patient_changes(before: Reader, after: Reader, patient_id: str) -> tuple[Change, ...]:
    """Changes of one patient, by kind, table and key. The same data cut twice gives none."""
    return _changes(before, after, patient_id)


def study_changes(before: Reader, after: Reader) -> tuple[Change, ...]:
    """Changes of all patients the readers may see and of tables without patients, by patient and kind."""
    return _changes(before, after, None)


def count_by_table(changes: Iterable[Change]) -> tuple[TableCount, ...]:
    """One count per table and kind, in the order of the model. Derived rows are not counted."""
    found: dict[tuple[str, Kind], list[str]] = {}
    for change in changes:
        if change.kind is not Kind.RULE_CHANGED:
            for row in change.rows:
                found.setdefault((row.table, row.kind), []).append(row.patient_id)
    return tuple(
        TableCount(table, kind, len(patients), len(set(patients) - {NO_PATIENT}))
        for (table, kind), patients in sorted(found.items(), key=lambda item: (*_place(*item[0]),))
    )


def _place(table: str, kind: Kind) -> tuple[int, int]:
    return list(canonical_tables()).index(table), KIND_ORDER.index(kind)


def _changes(before: Reader, after: Reader, patient_id: str | None) -> tuple[Change, ...]:
    if before == after:
        return ()
    rows = [
        change
        for table in canonical_tables().values()
        for change in differing_rows(before, after, table, patient_id=patient_id)
    ]
    by_patient: dict[str, list[RowChange]] = {}
    for row in rows:
        by_patient.setdefault(row.patient_id, []).append(row)
    known_until = _known_until(before)
    found = [
        change
        for patient, own in by_patient.items()
        for change in _entries(pair_moves(own, known_until=known_until))
        if patient_id in (None, patient)
    ]
    derived = derived_differences(before, after, patient_id=patient_id)
    found += [
        Change(Kind.RULE_CHANGED, patient, tuple(own))
        for patient, own in derived.items()
        if patient not in by_patient
    ]
    return tuple(sorted(found, key=_order))


def _known_until(before: Reader) -> dt.date | None:
    is_relative = before.snapshot.manifest.get("calendar") == RELATIVE
    return None if is_relative else before.snapshot.cut_off


def _order(change: Change) -> tuple[str, int, str, str]:
    return change.patient_id, KIND_ORDER.index(change.kind), _rank(change.rows[0]), change.row_key


def _rank(row: RowChange) -> str:
    tables = list(canonical_tables())
    return f"{tables.index(row.table):03d}" if row.table in tables else f"999 {row.table}"


def _entries(rows: Sequence[RowChange]) -> list[Change]:
    """Rows of one patient put together to edits."""
    for row in rows:
        if row.table == "patient" and row.is_whole_row:
            return [
                Change(row.kind, row.patient_id, tuple(_sorted([row, *(r for r in rows if r is not row)])))
            ]
    samples = {event_of(row, row.new or {}) for row in rows if _is_new_result(row) or _is_amended(row)}
    links = {
        row.new["laboratory_id"]: row.new["sample_id"] for row in rows if _is_new_sample(row) and row.new
    }
    groups: dict[tuple[object, ...], list[RowChange]] = {}
    for row in rows:
        groups.setdefault(_group(row, samples, links), []).append(row)
    return [Change(_kind(own), own[0].patient_id, tuple(_sorted(own))) for own in groups.values()]


def _is_new_sample(row: RowChange) -> bool:
    return row.table == "ctdna_sample" and row.kind is Kind.NEW and row.old is None


def _is_amended(row: RowChange) -> bool:
    return any(value.column == "report_version" for value in row.values) and row.kind is Kind.CORRECTED


def _is_new_result(row: RowChange) -> bool:
    return row.table == "ctdna_sample" and any(
        value.column == "status" and value.old == "pending" for value in row.values
    )


def _group(row: RowChange, samples: set[Event], links: dict[str, str]) -> tuple[object, ...]:
    """Rows of one group are one edit."""
    event = event_of(row, row.new or row.old or {})
    if row.table == "sample_link" and row.new and row.new["laboratory_id"] in links:
        event = ("sample", links[row.new["laboratory_id"]])
    if event in samples:
        return ("result", event)
    if row.kind is Kind.MOVED:
        return (Kind.MOVED, event_of(row, row.old or {}), event)
    if row.is_whole_row:
        return (row.kind, event)
    return (row.kind, row.table, row.row_key)


def _kind(rows: Sequence[RowChange]) -> Kind:
    """The kind of one edit: what replaces a value counts more than what adds one."""
    kinds = {row.kind for row in rows}
    if len(kinds) == 1:
        return kinds.pop()
    return Kind.CORRECTED if kinds - {Kind.NEW} else Kind.NEW


def _sorted(rows: Iterable[RowChange]) -> list[RowChange]:
    """The row that names the edit first: in a scan the response, in a visit the visit."""
    leading = {"patient": 0, "ctdna_sample": 1, "response": 2, "imaging": 3, "visit": 4}
    return sorted(rows, key=lambda row: (leading.get(row.table, 9), _rank(row), row.row_key))
