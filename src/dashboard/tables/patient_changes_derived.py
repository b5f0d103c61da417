"""What a change of study rules or software did to a patient's derived rows, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables.formats import NOTHING, format_days
from dashboard.tables.patient_changes_subjects import RowDiff, row_of
from dashboard.tables.patient_timeline import Clock
from dashboard.tables.variants import status_words

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Derived:
    """How rows of one derived table are named, and the words of what it says."""

    name: Callable[[Row, Clock], str]
    words: Callable[[Row, Clock], str]


def _state(row: Row, clock: Clock) -> str:
    known = vocabulary.CTDNA_DIRECTIONS.get(row["direction"] or "") or vocabulary.CTDNA_STATES.get(
        row["state"]
    )
    return known.short if known else str(row["state"])


def _response(row: Row, clock: Clock) -> str:
    mark = vocabulary.RESPONSES.get(row["response"] or "")
    return NOTHING if mark is None else mark.label


def _line(row: Row, clock: Clock) -> str:
    return f"{row['regimen'] or 'treatment'} from {clock.name(row['started_on'])}"


def _endpoint(row: Row, clock: Clock) -> str:
    status = vocabulary.ENDPOINT_STATUSES.get(row["status"], str(row["status"]))
    return status if row["duration_days"] is None else f"{status} after {format_days(row['duration_days'])}"


DERIVED: dict[str, Derived] = {
    "ctdna_state": Derived(lambda row, clock: f"ctDNA state on {clock.name(row['collected_on'])}", _state),
    "molecular_response": Derived(
        lambda row, clock: f"ctDNA change on {clock.name(row['collected_on'])}",
        lambda row, clock: vocabulary.MOLECULAR_CATEGORIES.get(row["category"], str(row["category"])),
    ),
    "overall_response": Derived(
        lambda row, clock: f"Response on {clock.name(row['assessed_on'])}", _response
    ),
    "best_response": Derived(lambda row, clock: f"Best response on line {row['line']}", _response),
    "line_of_therapy": Derived(lambda row, clock: f"Line {row['line']}", _line),
    "variant_course": Derived(
        lambda row, clock: f"{row['gene']} {row['variant']}",
        lambda row, clock: status_words(row),
    ),
    "time_to_event": Derived(
        lambda row, clock: (
            f"{row['endpoint_id'].replace('_', ' ')}" + (f" on line {row['line']}" if row["line"] else "")
        ),
        _endpoint,
    ),
}


def derived_values(changes: Sequence[RowDiff], *, clock: Clock) -> list[tuple[str, str, str]]:
    """Name, words before and words now of what reads differently, each once; a dash where there is none."""
    found: dict[tuple[str, str, str], None] = {}
    for change in changes:
        known = DERIVED.get(change.table)
        if known is None:
            continue
        old, new = (NOTHING if row is None else known.words(row, clock) for row in (change.old, change.new))
        if old != new:
            found[known.name(row_of(change), clock), old, new] = None
    return list(found)
