"""Views that somebody passed on as a link."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TABLE = "saved_view"


def upgrade() -> None:
    """Make the table of views; nothing in it can be changed or deleted."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("token", sa.String(64), nullable=False, unique=True),
        sa.Column("page", sa.String(50), nullable=False),
        sa.Column("study_id", sa.String(100), nullable=False),
        sa.Column("patient_id", sa.String(200)),
        sa.Column("snapshot_id", sa.String(100), nullable=False),
        sa.Column("cut_off", sa.Date, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    _forbid_changes()


def _forbid_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(
                f"create trigger {TABLE}_no_{change} before {change} on {TABLE} "
                f"begin select raise(abort, '{TABLE} is append only'); end"
            )
        return
    op.execute(
        f"create function refuse_{TABLE}_change() returns trigger language plpgsql as "
        f"$$ begin raise exception '{TABLE} is append only'; end $$"
    )
    op.execute(
        f"create trigger {TABLE}_append_only before update or delete or truncate on {TABLE} "
        f"for each statement execute function refuse_{TABLE}_change()"
    )
