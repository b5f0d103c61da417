"""The workflow database on both engines it runs on: SQLite and PostgreSQL."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from sqlalchemy import Engine, create_engine, text

from dashboard.workflow.database import open_workflow
from tests import postgres
from tests.demo_workflow import put_empty_workflow

NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running server; the tests that ask for it are skipped where there can be none."""
    with postgres.server() as address:
        yield address


def empty_postgres_schema(address: str) -> str:
    """The URL of a schema nobody has used; a database of its own for each test would take far longer."""
    name = f"workflow_{next(NUMBERS)}"
    administration = create_engine(f"{address}/postgres")
    with administration.begin() as connection:
        connection.execute(text(f"create schema {name}"))
    administration.dispose()
    return f"{address}/postgres?options=-csearch_path%3D{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def workflow_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """An empty database, once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'deep' / 'workflow.sqlite'}"
    return empty_postgres_schema(request.getfixturevalue("postgres_server"))


@pytest.fixture
def open_database(workflow_url) -> Iterator[Callable[[], Engine]]:
    """Opens the database, as often as asked: every call is another process' way in."""
    opened: list[Engine] = []

    def open_once_more() -> Engine:
        opened.append(open_workflow(workflow_url))
        return opened[-1]

    yield open_once_more
    for engine in opened:
        engine.dispose()


@pytest.fixture
def empty_database(workflow_url, open_database) -> Engine:
    """The workflow database without anybody in it."""
    if workflow_url.startswith("sqlite"):
        put_empty_workflow(workflow_url)
    return open_database()
