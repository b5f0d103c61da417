"""Reviews of patients, each with a note or without.

A review holds until something new arrives for the patient: it names the snapshot that was looked at, and
whoever shows the worklist compares that snapshot with the current one. No timer ends it (clinical decision
A33).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from dashboard.workflow.entries import Review
from dashboard.workflow.history import Author, limited, record_with, writing
from dashboard.workflow.models import AuditKind, UserAccount


@dataclass(frozen=True, kw_only=True)
class PatientCut:
    """A patient of a study as one snapshot shows them."""

    study_id: str
    patient_id: str
    snapshot_id: str


@dataclass(frozen=True, kw_only=True)
class ReviewEntry:
    """One time a patient was marked as reviewed, or that was taken back."""

    patient_id: str
    snapshot_id: str
    is_reviewed: bool
    note: str
    reviewed_by: str
    user_id: int
    at: datetime


def mark_reviewed(engine: Engine, seen: PatientCut, *, note: str = "", author: Author) -> None:
    """Record that the patient was looked at on this snapshot, with a note or without."""
    _add_review(engine, seen, is_reviewed=True, note=note, author=author)


def take_back_review(engine: Engine, seen: PatientCut, *, note: str = "", author: Author) -> None:
    """Put the patient back on the worklist; the earlier review stays in the history."""
    _add_review(engine, seen, is_reviewed=False, note=note, author=author)


def _add_review(engine: Engine, seen: PatientCut, *, is_reviewed: bool, note: str, author: Author) -> None:
    about = {"study_id": seen.study_id, "patient_id": seen.patient_id, "snapshot_id": seen.snapshot_id}
    row = Review(
        **about,
        is_reviewed=is_reviewed,
        note=limited(note, "the note"),
        user_id=author.user_id,
        at=author.at,
    )
    with writing(engine, "the review") as session:
        session.add(row)
        event = author.event(AuditKind.REVIEW, **about, detail={"is_reviewed": is_reviewed})
        record_with(session, event, author=author)


def latest_reviews(engine: Engine, study_id: str, *, user_id: int | None = None) -> dict[str, ReviewEntry]:
    """The review that stands, by patient id; of one user, or of whoever was last.

    A patient whose last entry took the review back is not in it.
    """
    newest = select(func.max(Review.id)).where(Review.study_id == study_id).group_by(Review.patient_id)
    if user_id is not None:
        newest = newest.where(Review.user_id == user_id)
    with Session(engine) as session:
        found = [_as_review(*row) for row in session.execute(_reviews().where(Review.id.in_(newest)))]
    return {entry.patient_id: entry for entry in found if entry.is_reviewed}


def review_history(engine: Engine, study_id: str, patient_id: str) -> list[ReviewEntry]:
    """Every review of one patient and every one taken back, newest first."""
    wanted = _reviews().where(Review.study_id == study_id, Review.patient_id == patient_id)
    with Session(engine) as session:
        return [_as_review(*row) for row in session.execute(wanted.order_by(Review.id.desc()))]


def _reviews() -> Select[Review, str]:
    return select(Review, UserAccount.display_name).join(UserAccount, UserAccount.id == Review.user_id)


def _as_review(row: Review, name: str) -> ReviewEntry:
    return ReviewEntry(
        patient_id=row.patient_id,
        snapshot_id=row.snapshot_id,
        is_reviewed=row.is_reviewed,
        note=row.note,
        reviewed_by=name,
        user_id=row.user_id,
        at=row.at,
    )
