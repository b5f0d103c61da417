"""Workflow databases in SQLite, copied from one made first: migrating and hashing cost more than a page."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, make_url

from dashboard.access.demo_users import create_demo_users
from dashboard.workflow.database import open_workflow


@cache
def _file_of(study_ids: tuple[str, ...] | None) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "workflow.sqlite"
        engine = open_workflow(f"sqlite:///{path}")
        if study_ids is not None:
            create_demo_users(engine, dict.fromkeys(study_ids, "01"), now=datetime.now(UTC))
        # The last connection that closes writes the log into the file.
        engine.dispose()
        assert [one.name for one in path.parent.iterdir()] == [path.name]
        return path.read_bytes()


def _put(url: str, content: bytes) -> None:
    path = Path(make_url(url).database or "")
    assert not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def demo_workflow(url: str, study_ids: Iterable[str]) -> Engine:
    """A new database at `url`; the demonstration users in it are granted these studies."""
    _put(url, _file_of(tuple(study_ids)))
    return open_workflow(url)


def put_empty_workflow(url: str) -> None:
    """Put a migrated database without anybody in it at `url`."""
    _put(url, _file_of(None))
