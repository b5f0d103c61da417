"""Tables of the workflow database. Times are UTC; rows name a study, patient and snapshot by their ids."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class Role(StrEnum):
    """What somebody does in a study; `access.roles` says what each may do."""

    CLINICIAN = "clinician"
    INVESTIGATOR = "investigator"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class AttemptOutcome(StrEnum):
    """How an attempt to sign in ended. Only `refused` counts towards a lock-out."""

    REFUSED = "refused"
    LOCKED = "locked"
    SIGNED_IN = "signed_in"


class AuditKind(StrEnum):
    """What the audit trail records."""

    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    REFUSED = "refused"
    PATIENT_OPENED = "patient_opened"
    REVIEW = "review"
    DECISION = "decision"
    QUERY = "query"
    REQUEST = "request"
    EXPORT = "export"
    LOAD = "load"
    ROLL_BACK = "roll_back"
    USER_CHANGED = "user_changed"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no time zone, so it is added again at reading."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To naive UTC. A moment without a time zone is refused: nobody could say what it means."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"moment {value} has no time zone; pass UTC")
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to a moment with its time zone."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Every table of the workflow database."""

    type_annotation_map: ClassVar = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[str]: JSON(none_as_null=True),
    }


class UserAccount(Base):
    """One row per user. Users are switched off, never deleted: the audit trail names them."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(100), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    grants: Mapped[list["UserStudy"]] = relationship(lazy="selectin", order_by="UserStudy.study_id")


class UserStudy(Base):
    """One row per user and granted study. `sites` null means every site."""

    __tablename__ = "user_study"
    __table_args__ = (UniqueConstraint("user_id", "study_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    study_id: Mapped[str] = mapped_column(String(100))
    sites: Mapped[list[str] | None]


class UserSession(Base):
    """One row per signed-in browser session; the token itself is never stored."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    user: Mapped[UserAccount] = relationship(lazy="joined")


class SignInAttempt(Base):
    """One row per attempt to sign in. What was typed as a name is hashed: it may be a password."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    username_hash: Mapped[str] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(String(100), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class AuditEvent(Base):
    """One row per recorded event; triggers refuse every change and deletion."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index(
            "one_patient_opened_per_session_and_snapshot",
            "session_id",
            "study_id",
            "patient_id",
            "snapshot_id",
            unique=True,
            sqlite_where=text("kind = 'patient_opened'"),
            postgresql_where=text("kind = 'patient_opened'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(30))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("user_session.id"))
    study_id: Mapped[str | None] = mapped_column(String(100))
    patient_id: Mapped[str | None] = mapped_column(String(200))
    snapshot_id: Mapped[str | None] = mapped_column(String(100))
    detail: Mapped[dict[str, Any]]


class DataQuery(Base):
    """One row per query to a site: what it asks about, as it was when somebody asked. Append only."""

    __tablename__ = "data_query"
    __table_args__ = (
        UniqueConstraint("study_id", "issue_hash"),
        Index("data_query_by_patient", "study_id", "patient_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[str] = mapped_column(String(100))
    # Of check, table, row and column; null for a query that no check led to, so that it may be asked twice.
    issue_hash: Mapped[str | None] = mapped_column(String(64))
    check_id: Mapped[str | None] = mapped_column(String(20))
    severity: Mapped[str] = mapped_column(String(20))
    issue_group: Mapped[str] = mapped_column(String(30))
    is_systematic: Mapped[bool]
    table_name: Mapped[str] = mapped_column(String(100))
    row_key: Mapped[str] = mapped_column(Text)
    column_name: Mapped[str] = mapped_column(String(200))
    patient_id: Mapped[str | None] = mapped_column(String(200))
    source_file: Mapped[str | None] = mapped_column(Text)
    source_row: Mapped[int | None]
    row_values: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    title: Mapped[str] = mapped_column(Text)
    found: Mapped[str] = mapped_column(Text)
    created_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]


class QueryEvent(Base):
    """One row per step in the life of a query, with how it stood afterwards; the last counts. Append only."""

    __tablename__ = "query_event"
    __table_args__ = (UniqueConstraint("query_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    query_id: Mapped[int] = mapped_column(ForeignKey("data_query.id"))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(20))
    finding: Mapped[str] = mapped_column(String(20))
    site_id: Mapped[str | None] = mapped_column(String(100))
    check_version: Mapped[str | None] = mapped_column(String(64))
    comment: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]]
    snapshot_id: Mapped[str] = mapped_column(String(100))
    cut_off: Mapped[date]
    # Null where no person but a new data cut took the step.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class ItemRequest(Base):
    """One row per time somebody was asked for an item of the follow-up list. Append only."""

    __tablename__ = "item_request"
    __table_args__ = (Index("item_request_by_study", "study_id", "patient_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[str] = mapped_column(String(100))
    patient_id: Mapped[str] = mapped_column(String(200))
    item: Mapped[str] = mapped_column(String(100))
    item_key: Mapped[str] = mapped_column(Text)
    snapshot_id: Mapped[str] = mapped_column(String(100))
    cut_off: Mapped[date]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class QueryReconciliation(Base):
    """One row per time the queries of a study were compared with the data cut that serves. Append only."""

    __tablename__ = "query_reconciliation"
    __table_args__ = (UniqueConstraint("study_id", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[str] = mapped_column(String(100))
    serial: Mapped[int]
    snapshot_id: Mapped[str] = mapped_column(String(100))
    cut_off: Mapped[date]
    n_queries: Mapped[int]
    n_changed: Mapped[int]
    at: Mapped[datetime]
