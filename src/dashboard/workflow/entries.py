"""Tables of what people write and keep: reviews, notes, MDT meetings, decisions, saved cohorts, views.

Two kinds of rows. Reviews, decisions, outcomes and views are only ever added; triggers refuse anything else.
The others carry a `version` that grows with every change; what stood there before is a `row_change`.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from dashboard.workflow.models import Base


class ActionOutcome(StrEnum):
    """What became of the next action of a decision. Only `not_yet` leaves it open."""

    CARRIED_OUT = "carried_out"
    NOT_YET = "not_yet"
    DROPPED = "dropped"


class Versioned:
    """A row that may be changed; two changes of the same version cannot both be written."""

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - the class is what is declared here
        """The mapper compares the version at every update."""
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


class RowChange(Base):
    """One row per change of a versioned row: who, when, and what stood there before. Append only."""

    __tablename__ = "row_change"
    __table_args__ = (UniqueConstraint("table_name", "row_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    table_name: Mapped[str] = mapped_column(String(50))
    row_id: Mapped[int]
    version: Mapped[int]
    before: Mapped[dict[str, Any]]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class Review(Base):
    """One row per time somebody marked a patient as reviewed, or took that back. Append only."""

    __tablename__ = "review"
    __table_args__ = (Index("review_by_patient", "study_id", "patient_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[str] = mapped_column(String(100))
    patient_id: Mapped[str] = mapped_column(String(200))
    snapshot_id: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    is_reviewed: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class PatientNote(Versioned, Base):
    """One row per note on a patient."""

    __tablename__ = "patient_note"
    __table_args__ = (Index("patient_note_by_patient", "study_id", "patient_id"),)

    study_id: Mapped[str] = mapped_column(String(100))
    patient_id: Mapped[str] = mapped_column(String(200))
    snapshot_id: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)


class MdtMeeting(Versioned, Base):
    """One row per MDT meeting of a study."""

    __tablename__ = "mdt_meeting"

    study_id: Mapped[str] = mapped_column(String(100), index=True)
    held_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(200))


class MdtCase(Versioned, Base):
    """One row per patient on the agenda of a meeting; the snapshot is the data cut it was prepared on."""

    __tablename__ = "mdt_case"
    __table_args__ = (
        UniqueConstraint("meeting_id", "patient_id"),
        Index("mdt_case_by_patient", "study_id", "patient_id"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("mdt_meeting.id"))
    study_id: Mapped[str] = mapped_column(String(100))
    patient_id: Mapped[str] = mapped_column(String(200))
    snapshot_id: Mapped[str] = mapped_column(String(100))
    agenda_order: Mapped[int]
    question: Mapped[str] = mapped_column(Text)


class MdtDecision(Base):
    """One row per version of the decision on a case; the highest version counts. Append only."""

    __tablename__ = "mdt_decision"
    __table_args__ = (UniqueConstraint("case_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("mdt_case.id"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    next_action: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None]
    snapshot_id: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class MdtActionOutcome(Base):
    """One row per statement of whether the next action of a decision was carried out. Append only."""

    __tablename__ = "mdt_action_outcome"
    __table_args__ = (UniqueConstraint("decision_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("mdt_decision.id"))
    version: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))
    why_not: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class SavedCohort(Versioned, Base):
    """One row per cohort or filter somebody kept; the token stands for it in addresses."""

    __tablename__ = "saved_cohort"
    __table_args__ = (
        Index(
            "one_saved_cohort_of_a_name",
            "study_id",
            "created_by",
            "name",
            unique=True,
            sqlite_where=text("not is_withdrawn"),
            postgresql_where=text("not is_withdrawn"),
        ),
    )

    study_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(100))
    definition: Mapped[dict[str, Any]]
    token: Mapped[str] = mapped_column(String(64), unique=True)


class UserChoice(Versioned, Base):
    """One row per setting somebody chose for a study, for instance the pairing window."""

    __tablename__ = "user_choice"
    __table_args__ = (UniqueConstraint("created_by", "study_id", "name"),)

    study_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(50))
    value: Mapped[dict[str, Any]]


class SavedView(Base):
    """One row per view somebody passed on as a link; the token stands for it in addresses. Append only."""

    __tablename__ = "saved_view"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    page: Mapped[str] = mapped_column(String(50))
    study_id: Mapped[str] = mapped_column(String(100))
    patient_id: Mapped[str | None] = mapped_column(String(200))
    snapshot_id: Mapped[str] = mapped_column(String(100))
    cut_off: Mapped[date]
    choices: Mapped[dict[str, Any]]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
