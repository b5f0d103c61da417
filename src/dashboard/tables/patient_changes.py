"""What changed for one patient, in lines a clinician reads, and the same as a table."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from dashboard.tables.formats import NOTHING
from dashboard.tables.patient_changes_derived import derived_values
from dashboard.tables.patient_changes_said import said_of
from dashboard.tables.patient_changes_subjects import Naming, RowDiff, ValueDiff, row_of, subject, was_of
from dashboard.tables.patient_changes_values import column_name, value_words

KINDS = {
    "new": "New",
    "corrected": "Corrected",
    "moved": "Moved",
    "vanished": "No longer in the data",
    "rule_changed": "Rule changed",
}
COLUMNS = ("What changed", "About", "Value", "Before", "Now")
# Columns that say how a value was filled in, not what it is.
UNNAMED = {("measurement", "value"), ("characteristic", "value")}
SILENT = ("report_version", "is_ongoing", "maf_text", "quantity_text")
RULES_TITLE = "The same records read by other study rules"
SOFTWARE_TITLE = "The same records read by another version of the software"
OTHER_DERIVED = (
    "Numbers derived from the records changed; no state, response, line or endpoint reads differently."
)


class ChangeDiff(Protocol):
    """One edit with the rows it touched; its kind is one of KINDS."""

    @property
    def kind(self) -> str:
        """Code of KINDS."""

    @property
    def rows(self) -> Sequence[RowDiff]:
        """Rows it touched; the first names it."""


@dataclass(frozen=True)
class ValueWords:
    """One value in words; `before` is empty where there was none."""

    name: str
    before: str
    now: str


@dataclass(frozen=True)
class ChangeLine:
    """One change as a reader sees it: what it is about, what is said, values before and now."""

    kind: str
    title: str
    said: str = ""
    values: tuple[ValueWords, ...] = ()
    day: dt.date | None = None

    @property
    def text(self) -> str:
        """The line without any marks: values before in brackets."""
        words = [
            f"{value.name} {value.now}".strip() + (f" (was {value.before})" if value.before else "")
            for value in self.values
        ]
        said = ", ".join([*words, *([self.said] if self.said else [])])
        return f"{self.title}: {said}" if said else self.title


def change_lines(
    changes: Iterable[ChangeDiff], *, naming: Naming, is_software: bool = False
) -> tuple[ChangeLine, ...]:
    """One line per change, by kind in the order of KINDS, the newest day first.

    `is_software` says that the software changed and no study rule did.
    """
    lines = [_line(change, naming, SOFTWARE_TITLE if is_software else RULES_TITLE) for change in changes]
    order = list(KINDS)
    latest = dt.date.max.toordinal()
    return tuple(
        sorted(
            lines,
            key=lambda line: (order.index(line.kind), latest - line.day.toordinal() if line.day else latest),
        )
    )


def changes_table(lines: Iterable[ChangeLine]) -> pd.DataFrame:
    """One row per changed value, and one per line that has none: the twin of the lines."""
    rows = []
    for line in lines:
        kind = KINDS[line.kind]
        if line.said or not line.values:
            # What is said of something that has gone is what the data said before.
            before, now = (line.said, NOTHING) if line.kind == "vanished" else (NOTHING, line.said or NOTHING)
            rows.append((kind, line.title, NOTHING, before, now))
        rows += [
            (kind, line.title, one.name or NOTHING, one.before or NOTHING, one.now) for one in line.values
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _line(change: ChangeDiff, naming: Naming, rules_title: str) -> ChangeLine:
    kind = str(change.kind)
    if kind == "rule_changed":
        found = derived_values(change.rows, clock=naming.clock)
        values = tuple(ValueWords(*one) for one in found)
        return ChangeLine(kind, rules_title, "" if values else OTHER_DERIVED, values)
    first = change.rows[0]
    day = naming.day(row_of(first), first.table)
    if first.table == "patient" and (first.old is None or first.new is None):
        return ChangeLine(kind, *_patient_words(first, naming), day=day)
    if kind == "moved":
        return ChangeLine(kind, *_moved_words(change.rows, naming), day=day)
    if first.old is None or first.new is None:
        return ChangeLine(kind, _whole_title(change.rows, naming), _said(change.rows, naming), day=day)
    values = tuple(value for row in change.rows for value in _values(row, naming))
    whole = [row for row in change.rows if row.old is None]
    return ChangeLine(kind, _changed_title(first, naming), _said(whole, naming), values, day)


def _patient_words(change: RowDiff, naming: Naming) -> tuple[str, str]:
    row = row_of(change)
    if change.new is None:
        return "The patient", ""
    enrolled = row.get("enrolled_on")
    said = f"enrolled {naming.clock.name(enrolled, row.get('enrolled_on_precision'))}"
    return "The patient is new in this data cut", said if enrolled else "not enrolled"


def _whole_title(rows: Sequence[RowDiff], naming: Naming) -> str:
    """Name of what is new or has gone; a scan is named by its examinations, whatever row comes first."""
    examinations = [row for row in rows if row.table == "imaging"]
    lesions_only = all(row.table == "lesion" for row in rows)
    if examinations:
        names = [subject(row, naming) for row in examinations]
        day = naming.of(row_of(examinations[0]), "imaging")
        return ", ".join(name.removesuffix(day) for name in names) + day
    if lesions_only and len(rows) > 1:
        return f"Lesions{naming.of(row_of(rows[0]), 'lesion', 'on')}"
    if rows[0].table == "response":
        return f"Response{naming.of(row_of(rows[0]), 'response')}"
    if rows[0].table in ("measurement", "contact") and len({row.table for row in rows}) > 1:
        return f"Visit{naming.of(row_of(rows[0]), rows[0].table)}"
    if rows[0].table == "measurement":
        return f"Values{naming.of(row_of(rows[0]), 'measurement')}"
    if rows[0].table == "variant" and len(rows) == 1:
        row = row_of(rows[0])
        return f"{subject(rows[0], naming)}: {row['gene']} {row['variant']}"
    return subject(rows[0], naming)


def _changed_title(first: RowDiff, naming: Naming) -> str:
    title = subject(first, naming)
    versions = [value for value in first.values if value.column == "report_version"]
    if not versions:
        return title
    reported = row_of(first).get("reported_on")
    on = f" on {naming.clock.name(reported)}" if reported else ""
    return f"{title}, amended by laboratory{on}"


def _moved_words(rows: Sequence[RowDiff], naming: Naming) -> tuple[str, str, tuple[ValueWords, ...]]:
    """The leading row names what moved; where a scan moved, its examination does."""
    first = next((row for row in rows if row.table == "imaging"), rows[0])
    value = first.values[0]
    day = naming.of(was_of(first), first.table)
    title = subject(first, naming)
    if isinstance(value.new, dt.date) and isinstance(value.old, dt.date):
        title = title.removesuffix(day)
    said = f"with {len(rows) - 1} more records" if len(rows) > 2 else ""
    return title, said, (_value_words(first, value, naming),)


def _said(rows: Sequence[RowDiff], naming: Naming) -> str:
    by_table: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_table.setdefault(row.table, []).append(row_of(row))
    said = [said_of(found, table, clock=naming.clock) for table, found in by_table.items()]
    return "; ".join(words for words in said if words)


def _values(change: RowDiff, naming: Naming) -> list[ValueWords]:
    is_amended = any(value.column == "report_version" for value in change.values)
    shown = [
        value
        for value in change.values
        if value.column not in SILENT and not (is_amended and value.column == "reported_on")
    ]
    # A row of which only silent columns changed would otherwise say nothing.
    return [
        _value_words(change, value, naming) for value in (shown if shown or is_amended else change.values)
    ]


def _value_words(change: RowDiff, value: ValueDiff, naming: Naming) -> ValueWords:
    old, new = change.old or {}, change.new or {}
    name = "" if (change.table, value.column) in UNNAMED else column_name(value.column)
    if change.table == "variant":
        name = f"{name} of {was_of(change)['gene']} {was_of(change)['variant']}"
    before, now = (value_words(row, change.table, value.column, clock=naming.clock) for row in (old, new))
    return ValueWords(name, "" if before == NOTHING else before, now)
