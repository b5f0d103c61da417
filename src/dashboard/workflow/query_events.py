"""What every step of a query has in common: the data cut, who may see it, the event and its audit."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import crc32

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dashboard.workflow.history import Author, record_with
from dashboard.workflow.models import AuditKind, DataQuery, QueryEvent, QueryReconciliation
from dashboard.workflow.query_states import State, Step

# Any number, the same in every process; PostgreSQL wants two signed ones of 32 bits.
QUERY_LOCK = 7_325_002
HALF_OF_UNSIGNED = 2**31


@dataclass(frozen=True, kw_only=True)
class Cut:
    """The data cut somebody looks at, or that serves."""

    study_id: str
    snapshot_id: str
    cut_off: date


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose queries somebody may see and act on: of which sites (None = all), and of patients or not."""

    study_id: str
    sites: tuple[str, ...] | None = None
    sees_patients: bool = True

    def covers(self, site_id: str | None, patient_id: str | None) -> bool:
        """Whether a query of this site and patient belongs to it."""
        if self.sites is not None and site_id not in self.sites:
            return False
        return self.sees_patients or patient_id is None


def lock_queries(session: Session, study_id: str) -> None:
    """Let nobody else raise or compare queries of the study until this transaction ends. Its first statement.

    A query raised while a data cut is compared would else be missed by that comparison.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        study = crc32(study_id.encode()) - HALF_OF_UNSIGNED
        connection.execute(select(func.pg_advisory_xact_lock(QUERY_LOCK, study)))


def last_reconciliation(session: Session, study_id: str) -> QueryReconciliation | None:
    """The last time the queries of a study were compared with a data cut."""
    return session.scalar(
        select(QueryReconciliation)
        .where(QueryReconciliation.study_id == study_id)
        .order_by(QueryReconciliation.serial.desc())
        .limit(1)
    )


def next_event(last: QueryEvent, step: Step, *, state: State, cut: Cut) -> QueryEvent:
    """The event after the last one, with what does not change carried over; the caller says who and when."""
    return QueryEvent(
        query_id=last.query_id,
        version=last.version + 1,
        kind=step.value,
        state=state.value,
        finding=last.finding,
        site_id=last.site_id,
        check_version=last.check_version,
        comment="",
        detail={},
        snapshot_id=cut.snapshot_id,
        cut_off=cut.cut_off,
    )


def record_step(session: Session, row: DataQuery, event: QueryEvent, *, author: Author) -> None:
    """Write a person's step to the audit trail, in the same transaction."""
    detail: dict[str, Any] = {"query_id": row.id, "step": event.kind, "version": event.version}
    about = {"study_id": row.study_id, "patient_id": row.patient_id, "snapshot_id": event.snapshot_id}
    record_with(session, author.event(AuditKind.QUERY, **about, detail=detail), author=author)
