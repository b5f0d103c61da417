"""Users, study grants, sessions, sign-in attempts and the append-only audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

PATIENT_OPENED = sa.text("kind = 'patient_opened'")


def upgrade() -> None:
    """Make the first tables."""
    _create_people()
    _create_sign_in()
    _create_audit()
    _forbid_changes_to_audit()


def _create_people() -> None:
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("username", sa.String(100), nullable=False, unique=True),
        sa.Column("display_name", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(100), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("is_demo", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.CheckConstraint("role in ('clinician', 'investigator', 'coordinator', 'administrator')"),
    )
    op.create_table(
        "user_study",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("study_id", sa.String(100), nullable=False),
        sa.Column("sites", sa.JSON),
        sa.UniqueConstraint("user_id", "study_id"),
    )


def _create_sign_in() -> None:
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("last_seen_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        sa.Column("revoked_at", sa.DateTime),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("username_hash", sa.String(64), nullable=False, index=True),
        sa.Column("address", sa.String(100), nullable=False, index=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )


def _create_audit() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False, index=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("user_account.id")),
        sa.Column("session_id", sa.Integer, sa.ForeignKey("user_session.id")),
        sa.Column("study_id", sa.String(100)),
        sa.Column("patient_id", sa.String(200)),
        sa.Column("snapshot_id", sa.String(100)),
        sa.Column("detail", sa.JSON, nullable=False),
    )
    op.create_index(
        "one_patient_opened_per_session_and_snapshot",
        "audit_event",
        ["session_id", "study_id", "patient_id", "snapshot_id"],
        unique=True,
        sqlite_where=PATIENT_OPENED,
        postgresql_where=PATIENT_OPENED,
    )


def _forbid_changes_to_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(
                f"create trigger audit_event_no_{change} before {change} on audit_event "
                "begin select raise(abort, 'audit_event is append only'); end"
            )
        return
    op.execute(
        "create function refuse_audit_change() returns trigger language plpgsql as "
        "$$ begin raise exception 'audit_event is append only'; end $$"
    )
    op.execute(
        "create trigger audit_event_append_only before update or delete or truncate on audit_event "
        "for each statement execute function refuse_audit_change()"
    )
