"""Reviews, notes, MDT meetings and decisions, saved cohorts, settings, and the history of changes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

APPEND_ONLY = ("row_change", "review", "mdt_decision", "mdt_action_outcome")
NOT_WITHDRAWN = sa.text("not is_withdrawn")


def upgrade() -> None:
    """Make the tables of what people write about patients."""
    _create_history()
    _create_reviews()
    _create_meetings()
    _create_decisions()
    _create_own_settings()
    for table in APPEND_ONLY:
        _forbid_changes(table)


def _by_user(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer, sa.ForeignKey("user_account.id"), nullable=False)


def _study() -> sa.Column:
    return sa.Column("study_id", sa.String(100), nullable=False)


def _patient() -> list[sa.Column]:
    return [
        _study(),
        sa.Column("patient_id", sa.String(200), nullable=False),
        sa.Column("snapshot_id", sa.String(100), nullable=False),
    ]


def _versioned() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("is_withdrawn", sa.Boolean, nullable=False),
        _by_user("created_by"),
        sa.Column("created_at", sa.DateTime, nullable=False),
    ]


def _said() -> list[sa.Column]:
    return [_by_user("user_id"), sa.Column("at", sa.DateTime, nullable=False)]


def _create_history() -> None:
    op.create_table(
        "row_change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("table_name", sa.String(50), nullable=False),
        sa.Column("row_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        *_said(),
        sa.UniqueConstraint("table_name", "row_id", "version"),
    )


def _create_reviews() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer, primary_key=True),
        *_patient(),
        sa.Column("is_reviewed", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        *_said(),
    )
    op.create_index("review_by_patient", "review", ["study_id", "patient_id"])
    op.create_table("patient_note", *_versioned(), *_patient(), sa.Column("text", sa.Text, nullable=False))
    op.create_index("patient_note_by_patient", "patient_note", ["study_id", "patient_id"])


def _create_meetings() -> None:
    op.create_table(
        "mdt_meeting",
        *_versioned(),
        sa.Column("study_id", sa.String(100), nullable=False, index=True),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
    )
    op.create_table(
        "mdt_case",
        *_versioned(),
        sa.Column("meeting_id", sa.Integer, sa.ForeignKey("mdt_meeting.id"), nullable=False),
        *_patient(),
        sa.Column("agenda_order", sa.Integer, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.UniqueConstraint("meeting_id", "patient_id"),
    )
    op.create_index("mdt_case_by_patient", "mdt_case", ["study_id", "patient_id"])


def _create_decisions() -> None:
    op.create_table(
        "mdt_decision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("mdt_case.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("next_action", sa.Text, nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("snapshot_id", sa.String(100), nullable=False),
        *_said(),
        sa.UniqueConstraint("case_id", "version"),
    )
    op.create_table(
        "mdt_action_outcome",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("decision_id", sa.Integer, sa.ForeignKey("mdt_decision.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("why_not", sa.Text, nullable=False),
        *_said(),
        sa.UniqueConstraint("decision_id", "version"),
        sa.CheckConstraint("outcome in ('carried_out', 'not_yet', 'dropped')"),
    )


def _create_own_settings() -> None:
    op.create_table(
        "saved_cohort",
        *_versioned(),
        _study(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("definition", sa.JSON, nullable=False),
        sa.Column("token", sa.String(64), nullable=False, unique=True),
    )
    op.create_index(
        "one_saved_cohort_of_a_name",
        "saved_cohort",
        ["study_id", "created_by", "name"],
        unique=True,
        sqlite_where=NOT_WITHDRAWN,
        postgresql_where=NOT_WITHDRAWN,
    )
    op.create_table(
        "user_choice",
        *_versioned(),
        _study(),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.UniqueConstraint("created_by", "study_id", "name"),
    )


def _forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(
                f"create trigger {table}_no_{change} before {change} on {table} "
                f"begin select raise(abort, '{table} is append only'); end"
            )
        return
    op.execute(
        f"create function refuse_{table}_change() returns trigger language plpgsql as "
        f"$$ begin raise exception '{table} is append only'; end $$"
    )
    op.execute(
        f"create trigger {table}_append_only before update or delete or truncate on {table} "
        f"for each statement execute function refuse_{table}_change()"
    )
