"""Queries to sites, every step of their lives, and their comparison with each data cut that served."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

APPEND_ONLY = ("data_query", "query_event", "query_reconciliation")


def upgrade() -> None:
    """Make the tables of queries; nothing in them can be changed or deleted."""
    _create_queries()
    _create_events()
    _create_reconciliations()
    for table in APPEND_ONLY:
        _forbid_changes(table)


def _create_queries() -> None:
    op.create_table(
        "data_query",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("study_id", sa.String(100), nullable=False),
        sa.Column("issue_hash", sa.String(64)),
        sa.Column("check_id", sa.String(20)),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("issue_group", sa.String(30), nullable=False),
        sa.Column("is_systematic", sa.Boolean, nullable=False),
        sa.Column("table_name", sa.String(100), nullable=False),
        sa.Column("row_key", sa.Text, nullable=False),
        sa.Column("column_name", sa.String(200), nullable=False),
        sa.Column("patient_id", sa.String(200)),
        sa.Column("source_file", sa.Text),
        sa.Column("source_row", sa.Integer),
        sa.Column("row_values", sa.JSON),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.Column("created_by", sa.Integer, sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("study_id", "issue_hash"),
        sa.CheckConstraint("severity in ('error', 'warning', 'information')"),
    )
    op.create_index("data_query_by_patient", "data_query", ["study_id", "patient_id"])


def _create_events() -> None:
    op.create_table(
        "query_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("query_id", sa.Integer, sa.ForeignKey("data_query.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("finding", sa.String(20), nullable=False),
        sa.Column("site_id", sa.String(100)),
        sa.Column("check_version", sa.String(64)),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("snapshot_id", sa.String(100), nullable=False),
        sa.Column("cut_off", sa.Date, nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("user_account.id")),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("query_id", "version"),
        sa.CheckConstraint("state in ('open', 'answered', 'reopened', 'closed', 'dismissed')"),
        sa.CheckConstraint("finding in ('present', 'gone', 'row_vanished', 'not_rechecked')"),
    )


def _create_reconciliations() -> None:
    op.create_table(
        "query_reconciliation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("study_id", sa.String(100), nullable=False),
        sa.Column("serial", sa.Integer, nullable=False),
        sa.Column("snapshot_id", sa.String(100), nullable=False),
        sa.Column("cut_off", sa.Date, nullable=False),
        sa.Column("n_queries", sa.Integer, nullable=False),
        sa.Column("n_changed", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("study_id", "serial"),
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
