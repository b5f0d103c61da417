"""Moved rows: a vanished and a new row of one patient that differ in one key column (design.md section 3)."""

import datetime as dt
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.model.tables import Table, canonical_tables
from dashboard.store.diff_rows import TEXT_OF, Kind, Row, RowChange, ValueChange, is_empty

# Rows that belong together for a reader: one examination, one visit, one blood sample.
SCAN_DAYS = {"imaging": "imaged_on", "lesion": "assessed_on", "response": "assessed_on"}
VISIT_DAYS = {"visit": "visit_on", "measurement": "measured_on"}
Event = tuple[Hashable, ...]


@dataclass(frozen=True)
class _Pair:
    """A vanished and a new row that may be the same row with another key; the lower cost, the likelier."""

    cost: tuple[int, int]
    old: RowChange
    new: RowChange
    value: ValueChange


def event_of(change: RowChange, row: Row) -> Event:
    """What a row is part of: a sample with its variants, a scan with its lesions, a visit with its values."""
    table = change.table
    if table in ("ctdna_sample", "variant"):
        return "sample", row["sample_id"]
    if table in SCAN_DAYS:
        return "scan", row[SCAN_DAYS[table]]
    if table in VISIT_DAYS:
        return "visit", row[VISIT_DAYS[table]]
    if table == "contact" and row["vital_status"] == "alive":
        return "visit", row["contact_on"]
    return table, change.row_key


def pair_moves(changes: Sequence[RowChange], *, known_until: dt.date | None) -> list[RowChange]:
    """The same changes with each vanished and new row that are one moved row put together.

    `changes` are those of one patient. `known_until` is the earlier data cut: what stood in it had happened
    by then, so a row dated later is new, never moved (None in a study without calendar dates). Rows of one
    examination, visit or sample move together or not at all.
    """
    gone = [change for change in changes if change.kind is Kind.VANISHED]
    come = [change for change in changes if change.kind is Kind.NEW and change.old is None]
    pairs = _together(_chosen(_candidates(gone, come, known_until)), gone)
    paired = {id(one) for pair in pairs for one in (pair.old, pair.new)}
    return [change for change in changes if id(change) not in paired] + [_moved(pair) for pair in pairs]


def _candidates(
    gone: Iterable[RowChange], come: Sequence[RowChange], known_until: dt.date | None
) -> list[_Pair]:
    found = []
    for old in gone:
        table = canonical_tables()[old.table]
        for new in come:
            if new.table == old.table:
                pair = _pair(table, old, new, known_until)
                found += [pair] if pair else []
    return sorted(found, key=lambda pair: (pair.cost, pair.old.row_key, pair.new.row_key))


def _pair(table: Table, old: RowChange, new: RowChange, known_until: dt.date | None) -> _Pair | None:
    was, now = old.old or {}, new.new or {}
    keys = [name for name in table.key if was.get(name) != now.get(name)]
    if len(keys) != 1 or _contradicts(table, was, now):
        return None
    value = ValueChange(keys[0], was.get(keys[0]), now.get(keys[0]))
    if _is_too_late(value, known_until):
        return None
    n_one_sided = sum(is_empty(was.get(f.name)) != is_empty(now.get(f.name)) for f in table.fields)
    return _Pair((n_one_sided, _days_apart(value)), old, new, value)


def _contradicts(table: Table, was: Row, now: Row) -> bool:
    return any(
        was.get(field.name) != now.get(field.name)
        for field in table.fields
        if field.name not in table.key
        and (table.name, field.name) not in TEXT_OF
        and not is_empty(was.get(field.name))
        and not is_empty(now.get(field.name))
    )


def _is_too_late(value: ValueChange, known_until: dt.date | None) -> bool:
    if known_until is None or not isinstance(value.new, dt.date):
        return False
    return value.new > max([known_until, *([value.old] if isinstance(value.old, dt.date) else [])])


def _days_apart(value: ValueChange) -> int:
    days = (value.old, value.new)
    if not all(isinstance(day, dt.date) for day in days):
        return 0
    return abs((value.new - value.old).days)


def _chosen(candidates: Iterable[_Pair]) -> list[_Pair]:
    taken: set[int] = set()
    pairs = []
    for pair in candidates:
        if id(pair.old) not in taken and id(pair.new) not in taken:
            taken |= {id(pair.old), id(pair.new)}
            pairs.append(pair)
    return pairs


def _together(pairs: Sequence[_Pair], gone: Iterable[RowChange]) -> list[_Pair]:
    """Pairs whose old event moved as a whole to one new event."""
    size: dict[Event, int] = {}
    for change in gone:
        event = event_of(change, change.old or {})
        size[event] = size.get(event, 0) + 1
    to: dict[Event, list[Event]] = {}
    for pair in pairs:
        to.setdefault(_events(pair)[0], []).append(_events(pair)[1])
    return [
        pair
        for pair in pairs
        if len(to[_events(pair)[0]]) == size[_events(pair)[0]] and len(set(to[_events(pair)[0]])) == 1
    ]


def _events(pair: _Pair) -> tuple[Any, Any]:
    return event_of(pair.old, pair.old.old or {}), event_of(pair.new, pair.new.new or {})


def _moved(pair: _Pair) -> RowChange:
    return RowChange(
        Kind.MOVED,
        pair.new.table,
        pair.new.patient_id,
        pair.new.row_key,
        pair.old.old,
        pair.new.new,
        (pair.value,),
    )
