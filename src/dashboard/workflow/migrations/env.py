"""Alembic's entry: runs the revisions on the connection `workflow.database` hands over."""

from alembic import context

from dashboard.workflow.entries import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
