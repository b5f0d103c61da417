"""Which reasons to look stand: the clinical rows of a study joined with what people wrote about its patients.

Plain rows in, plain rows out: nothing here reads a database or asks for the time of day.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

Row = Mapping[str, Any]
PD_NO_DECISION, NEW_VARIANT, ACTION_OVERDUE, STOPPED = 1, 9, 11, 12
NEEDS_DECISION = (PD_NO_DECISION, STOPPED)


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """The review of a patient that stands. `snapshot_id` is the data cut that was looked at.

    `has_news`: something has arrived for the patient since that data cut. `known_variants`: the watched
    variants ("ESR1 p.D538G") and `known_progressions` the days of PD that had been seen by then.
    """

    patient_id: str
    snapshot_id: str
    reviewed_on: dt.date
    reviewed_by: str
    note: str = ""
    has_news: bool = False
    known_variants: frozenset[str] = frozenset()
    known_progressions: frozenset[dt.date] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision recorded for a patient, and the day."""

    patient_id: str
    decided_on: dt.date


@dataclass(frozen=True, kw_only=True)
class OpenAction:
    """An action agreed at a meeting and not carried out."""

    patient_id: str
    due_on: dt.date
    action: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """What people wrote about the patients of one study. `today`: the day on which actions are due or not."""

    today: dt.date
    reviews: Sequence[Reviewed] = ()
    decisions: Sequence[Decided] = ()
    actions: Sequence[OpenAction] = ()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One patient of the worklist: the reasons that stand, in the order of A33, and the review that stands.

    `is_hidden`: reviewed, and nothing has come since. `is_new`: a reason did not stand when last looked.
    """

    study_id: str
    patient_id: str
    reasons: tuple[Row, ...]
    review: Reviewed | None = None
    is_new: bool = False
    is_hidden: bool = False
    numbers: frozenset[int] = field(default_factory=frozenset)


def standing_reasons(rows: Iterable[Row], patients: Iterable[Row], *, written: Written) -> list[Row]:
    """One row per patient and reason that stands, by patient and in the order of A33.

    `rows` are those of reason_to_look at one window, `patients` those of reason_to_look_patient. A decision
    of the day of a progression (or of the end of treatment) or later answers it, a review of a progression
    too once something else has come; an action is overdue from
    the day after it was due; a variant is new that the standing review did not know, or, where nobody has
    reviewed the patient, that was first seen after the baseline draw. `progressed_on` of a stop is the
    progression before it that no decision has answered.
    """
    reviews = {review.patient_id: review for review in written.reviews}
    decided: dict[str, dt.date] = {}
    for decision in written.decisions:
        last = decided.get(decision.patient_id, decision.decided_on)
        decided[decision.patient_id] = max(last, decision.decided_on)
    standing = [
        _without_decided(row, decided.get(row["patient_id"]))
        for row in rows
        if not _is_answered(row, decided.get(row["patient_id"]))
        and _is_new_variant(row, reviews.get(row["patient_id"]))
        and not _is_reviewed_progression(row, reviews.get(row["patient_id"]))
    ]
    standing += _overdue(patients, written)
    ordered = sorted(standing, key=lambda row: (row["patient_id"], row["reason_no"]))
    return [
        _as_one(list(same)) for _, same in groupby(ordered, lambda row: (row["patient_id"], row["reason_no"]))
    ]


def _is_answered(row: Row, decided_on: dt.date | None) -> bool:
    is_asked = row["reason_no"] in NEEDS_DECISION
    return is_asked and decided_on is not None and decided_on >= row["occurred_on"]


def _without_decided(row: Row, decided_on: dt.date | None) -> Row:
    """The row without the progression before a stop where a decision of that day or later answered it."""
    progressed_on = row.get("progressed_on")
    if progressed_on is None or decided_on is None or decided_on < progressed_on:
        return row
    return {**row, "progressed_on": None}


def _is_new_variant(row: Row, review: Reviewed | None) -> bool:
    if row["reason_no"] != NEW_VARIANT:
        return True
    return bool(row["is_met"]) if review is None else row["detail"] not in review.known_variants


def _is_reviewed_progression(row: Row, review: Reviewed | None) -> bool:
    """A PD the reviewer saw is not new when something else brings the patient back."""
    if row["reason_no"] != PD_NO_DECISION or review is None or not review.has_news:
        return False
    return row["occurred_on"] in review.known_progressions


def _overdue(patients: Iterable[Row], written: Written) -> list[Row]:
    late: dict[str, OpenAction] = {}
    for action in sorted(written.actions, key=lambda action: action.due_on):
        if action.due_on < written.today:
            late.setdefault(action.patient_id, action)
    return [
        {
            **patient,
            "reason_no": ACTION_OVERDUE,
            "reason": "ACTION_OVERDUE",
            "rule": "LOOK_ACTION_OVERDUE",
            "occurred_on": late[patient["patient_id"]].due_on,
            "compared_on": patient["last_imaging_on"],
            "compared_precision": patient["last_imaging_precision"],
            "n_days": (written.today - late[patient["patient_id"]].due_on).days,
            "detail": late[patient["patient_id"]].action,
            "owner": late[patient["patient_id"]].owner,
        }
        for patient in patients
        if patient["patient_id"] in late
    ]


def _as_one(same: list[Row]) -> Row:
    """Of several records of one reason (variants) the newest, with the number of the others."""
    newest = max(same, key=lambda row: (row["occurred_on"], row["detail"] or ""))
    return {**newest, "n_others": len(same) - 1}


def reason_key(row: Row) -> tuple[str, int, str]:
    """What makes a reason the same one in two data cuts: patient, number, variant or day it began.

    A lack of imaging or of a result is the same one however long it lasts.
    """
    which = row["detail"] if row["reason_no"] == NEW_VARIANT else row["occurred_on"].isoformat()
    return row["patient_id"], row["reason_no"], str(which)


def entries(
    study_id: str,
    reasons: Iterable[Row],
    *,
    written: Written,
    known: frozenset[tuple[str, int, str]] | None,
) -> list[Entry]:
    """One entry per patient with a reason. `known`: reasons when last looked; None: none is new."""
    reviews = {review.patient_id: review for review in written.reviews}
    by_patient = groupby(reasons, lambda row: row["patient_id"])
    return [
        _entry(study_id, tuple(rows), review=reviews.get(patient_id), known=known)
        for patient_id, rows in by_patient
    ]


def _entry(
    study_id: str,
    rows: tuple[Row, ...],
    *,
    review: Reviewed | None,
    known: frozenset[tuple[str, int, str]] | None,
) -> Entry:
    has_come = review is not None and (review.has_news or _is_due_since(rows, review))
    is_unknown = known is not None and any(reason_key(row) not in known for row in rows)
    return Entry(
        study_id=study_id,
        patient_id=rows[0]["patient_id"],
        reasons=rows,
        review=review,
        is_new=has_come if review is not None else is_unknown,
        is_hidden=review is not None and not has_come,
        numbers=frozenset(row["reason_no"] for row in rows),
    )


def _is_due_since(rows: Iterable[Row], review: Reviewed) -> bool:
    """An action that came due after the review is news that no data cut brings."""
    return any(
        row["reason_no"] == ACTION_OVERDUE and row["occurred_on"] >= review.reviewed_on for row in rows
    )
