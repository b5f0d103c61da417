"""What changed for one patient between two data cuts: lines, table twin, and how to get the rows again."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from dashboard.figures.figure import Figure, footer_of
from dashboard.store.diff import Change, RowChange, patient_changes
from dashboard.store.diff_derived import SOFTWARE, changed_rules
from dashboard.store.reader import Reader
from dashboard.store.snapshot import Snapshot
from dashboard.tables.formats import format_count, format_date
from dashboard.tables.patient_changes import ChangeLine, change_lines, changes_table
from dashboard.tables.patient_changes_subjects import Naming
from dashboard.tables.patient_timeline import Clock

SAMPLES = "select sample_id, collected_on from ctdna_sample where patient_id = $patient_id"
ROW_COLUMNS = ("kind", "entry", "table_name", "row_key", "column_name", "old_value", "new_value")
METHOD = (
    "Records of both data cuts are compared by their own keys (sample number, date of examination, treatment "
    "number). The same record with another value is corrected; a value where there was none, or where a "
    "result was pending, is new. A record that has gone and one that came are one moved record where they "
    "differ in one part of the key, contradict each other in nothing and the new day is not after the "
    "earlier data cut. The records of one blood sample, one examination or one visit make one line. How a "
    "value is written, its file and its row do not count."
)
ALSO_RULES = (
    "{what} changed between these data cuts as well. What that did to this patient cannot be told apart from "
    "the changes listed here."
)


@dataclass(frozen=True, kw_only=True)
class ChangesRequest:
    """Whose changes, and how the words name days."""

    patient_id: str
    clock: Clock


@dataclass(frozen=True)
class PatientChanges:
    """The lines of the page, and the same as a figure without a drawing."""

    lines: tuple[ChangeLine, ...]
    figure: Figure


def patient_changes_figure(before: Reader, after: Reader, request: ChangesRequest) -> PatientChanges:
    """Changes of one patient from the data cut of `before` to that of `after`."""
    changes = patient_changes(before, after, request.patient_id)
    rules = changed_rules(before, after)
    naming = Naming(request.clock, _sample_days(before, after, request.patient_id))
    lines = change_lines(changes, naming=naming, is_software=rules == (SOFTWARE,))
    figure = Figure(
        rows=_rows(changes),
        spec={},
        table=changes_table(lines),
        caption=_caption(changes, rules),
        method=METHOD,
        footer=f"{footer_of(after.snapshot)} · compared with {_cut(before.snapshot)}",
        code=_code(before.snapshot, after.snapshot, request.patient_id),
        alt=f"{format_count(len(lines), 'change')} since the data cut "
        f"of {format_date(before.snapshot.cut_off)}",
    )
    return PatientChanges(lines, figure)


def _sample_days(before: Reader, after: Reader, patient_id: str) -> dict[str, dt.date]:
    return {
        row["sample_id"]: row["collected_on"]
        for reader in (before, after)
        for row in reader.records(SAMPLES, {"patient_id": patient_id})
    }


def _rows(changes: tuple[Change, ...]) -> pd.DataFrame:
    """One row per changed value, one per row that came or went; `entry` numbers the edits."""
    rows = [
        (str(change.kind), number, row.table, row.row_key, *value)
        for number, change in enumerate(changes, start=1)
        for row in change.rows
        for value in _values(row)
    ]
    return pd.DataFrame(rows, columns=list(ROW_COLUMNS))


def _values(row: RowChange) -> list[tuple[str | None, str | None, str | None]]:
    values = [(value.column, _text(value.old), _text(value.new)) for value in row.values]
    return [*values] or [(None, None, None)]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _caption(changes: tuple[Change, ...], rules: tuple[str, ...]) -> str:
    if not rules or any(change.kind == "rule_changed" for change in changes) or not changes:
        return ""
    study = [name for name in rules if name != SOFTWARE]
    what = " and ".join([*(["Study rules"] if study else []), *(["software"] if SOFTWARE in rules else [])])
    return ALSO_RULES.format(what=what[0].upper() + what[1:])


def _cut(snapshot: Snapshot) -> str:
    return f"data cut {format_date(snapshot.cut_off)}, snapshot {snapshot.snapshot_id}"


def _code(before: Snapshot, after: Snapshot, patient_id: str) -> str:
    return (
        "from pathlib import Path\n\n"
        "from dashboard.store.diff import patient_changes\n"
        "from dashboard.store.reader import Reader\n"
        "from dashboard.store.snapshot import find_snapshot\n\n"
        'store = Path("var/store")\n'
        f'before = Reader(find_snapshot(store, "{before.study_id}", "{before.snapshot_id}"))\n'
        f'after = Reader(find_snapshot(store, "{after.study_id}", "{after.snapshot_id}"))\n'
        f"changes = patient_changes(before, after, {patient_id!r})\n"
    )
