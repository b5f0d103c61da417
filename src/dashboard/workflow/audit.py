"""The audit trail: events are added and read, never changed or removed (triggers refuse it as well)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from dashboard.errors import AuditUnavailable
from dashboard.workflow.models import AuditEvent, AuditKind


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happened, to whom it belongs, and on which data."""

    kind: AuditKind
    user_id: int | None = None
    session_id: int | None = None
    study_id: str | None = None
    patient_id: str | None = None
    snapshot_id: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def audit_row(event: Event, *, now: datetime) -> AuditEvent:
    """The event as a row, for a caller who writes it together with what it records."""
    return AuditEvent(
        at=now,
        kind=event.kind.value,
        user_id=event.user_id,
        session_id=event.session_id,
        study_id=event.study_id,
        patient_id=event.patient_id,
        snapshot_id=event.snapshot_id,
        detail=dict(event.detail),
    )


def record(engine: Engine, event: Event, *, now: datetime) -> None:
    """Write one event. Raises `AuditUnavailable` when it could not be written."""
    try:
        with Session(engine) as session, session.begin():
            session.add(audit_row(event, now=now))
    except SQLAlchemyError as error:
        raise AuditUnavailable(f"event {event.kind.value} could not be written to the audit trail") from error


def record_patient_opened(engine: Engine, event: Event, *, now: datetime) -> None:
    """Write that a patient was opened, once per session, patient and snapshot.

    Call it before any of the patient's data are read. Raises `AuditUnavailable`; the page then refuses.
    """
    try:
        with Session(engine) as session:
            if session.scalar(_same_opening(event)) is not None:
                return
            session.add(audit_row(event, now=now))
            session.commit()
    except IntegrityError as error:
        _require_written(engine, event, error)
    except SQLAlchemyError as error:
        raise AuditUnavailable("the opening of a patient could not be written to the audit trail") from error


def _same_opening(event: Event) -> Any:
    return select(AuditEvent.id).where(
        AuditEvent.kind == AuditKind.PATIENT_OPENED.value,
        AuditEvent.session_id == event.session_id,
        AuditEvent.study_id == event.study_id,
        AuditEvent.patient_id == event.patient_id,
        AuditEvent.snapshot_id == event.snapshot_id,
    )


def _require_written(engine: Engine, event: Event, error: IntegrityError) -> None:
    """A refused row is fine when another thread of the same session wrote the same opening first."""
    with Session(engine) as session:
        if session.scalar(_same_opening(event)) is None:
            raise AuditUnavailable(
                "the opening of a patient could not be written to the audit trail"
            ) from error


def read_events(engine: Engine, *, limit: int = 500) -> list[Event]:
    """One entry per event, newest first."""
    wanted = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit)
    with Session(engine) as session:
        return [
            Event(
                kind=AuditKind(row.kind),
                user_id=row.user_id,
                session_id=row.session_id,
                study_id=row.study_id,
                patient_id=row.patient_id,
                snapshot_id=row.snapshot_id,
                detail=row.detail,
            )
            for row in session.scalars(wanted)
        ]
