"""One line of the worklist (clinical-decisions A33): one number, and none of what the reason's name says."""

from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.studies import vocabulary
from dashboard.tables.formats import format_days
from dashboard.tables.worklist import (
    CHECKS,
    STOPPED,
    about,
    ago,
    apart,
    level,
    pattern_words,
    times,
    undecided_words,
    why,
)

Row = Mapping[str, Any]
LONGEST_ACTION = 24


def short(row: Row, *, beside: Iterable[Row] = ()) -> str:
    """The line of a row of the list; `why` has all of it. `beside` as there."""
    words = SHORT.get(row["reason_no"], why)(row)
    further = "; PD, no decision" if row["reason_no"] != STOPPED and undecided_words(beside) else ""
    return f"{words[:1].upper()}{words[1:]}{further}"


def _pd_no_decision(row: Row) -> str:
    pattern = pattern_words(row)
    return f"PD {ago(row, 'occurred')}{f' ({pattern})' if pattern else ''}"


def _detected(row: Row) -> str:
    """The rise over the lowest level as one number, else the result and the one before it.

    Of a result that may not be tumour this is said in place of the day.
    """
    result = level(row, "to")
    ratio = times(row)
    if ratio:
        result = (
            f"{ratio} over {'the lowest' if row['from_status'] == 'lowest' else 'the draw before the line'}"
        )
    origin = row.get("origin_rule")
    if origin in vocabulary.CTDNA_ORIGINS:
        return f"{result}, {'highest MAF ' if origin.endswith('_LEVEL') else ''}perhaps not tumour"
    return f"{_from_not_detected(row)}{result}, {ago(row, 'occurred')}"


def _from_not_detected(row: Row) -> str:
    return "not detected → " if row["from_status"] == "not_detected" else ""


def _pd_not_detected(row: Row) -> str:
    called = "PD" if row.get("first_called_on") is None else "earlier PD repeated"
    first, *others = [words for column, words in CHECKS.items() if row[column]] or [""]
    if not first:
        return f"{called} {ago(row, 'occurred')}, draw {apart(row)}"
    more = f" +{len(others)}" if others else ""
    return f"{called} {ago(row, 'occurred')}; {first}{more}"


def _no_imaging(row: Row) -> str:
    since = "never recorded in" if row["detail"] == "NEVER_IMAGED" else "for"
    return f"{since} {about(row, 'occurred')}{format_days(row['n_days'])}"


def _failed(row: Row) -> str:
    return f"{ago(row, 'occurred')}{_in_brackets(row['detail'])}"


def _new_variant(row: Row) -> str:
    others = f" +{row['n_others']}" if row.get("n_others") else ""
    return f"{str(row['detail']).replace(' p.', ' ')}{others}, {ago(row, 'occurred')}"


def _action_overdue(row: Row) -> str:
    action = str(row["detail"])
    shown = action if len(action) <= LONGEST_ACTION else f"{action[: LONGEST_ACTION - 1].rstrip()}…"
    return f"{shown}: {format_days(row['n_days'])}"


def _stopped(row: Row) -> str:
    reason = "" if row["detail"] == "unknown" else vocabulary.STOP_REASONS.get(row["detail"] or "", "")
    if row.get("progressed_on") is not None:
        # The PD says why it was stopped; another reason stays beside it.
        other = "" if row["detail"] == "progression" or not reason else f"{reason}; "
        reason = f"{other}PD, no decision"
    return f"{ago(row, 'occurred')}{_in_brackets(reason)}"


def _in_brackets(words: str | None) -> str:
    return f" ({words})" if words else ""


SHORT = {
    1: _pd_no_decision,
    2: _detected,
    3: _detected,
    4: _pd_not_detected,
    6: _no_imaging,
    7: _failed,
    9: _new_variant,
    11: _action_overdue,
    12: _stopped,
}
