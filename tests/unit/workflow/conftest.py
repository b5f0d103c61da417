"""Three colleagues in a workflow database, once on SQLite and once on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from dashboard.workflow.history import Author
from dashboard.workflow.models import Role
from dashboard.workflow.users import NewUser, add_users, list_users

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def staffed(empty_database):
    """The database with Dr Ada, Dr Bo and Dr Cy."""
    add_users(
        empty_database,
        [
            NewUser(username=name, display_name=f"Dr {name.title()}", password_hash="x", role=Role.CLINICIAN)
            for name in ("ada", "bo", "cy")
        ],
        now=NOON,
    )
    return empty_database


@pytest.fixture
def author(staffed):
    """Gives the author of that user name, so many minutes after noon."""
    user_ids = {user.username: user.user_id for user in list_users(staffed)}

    def named(username, *, minutes=0):
        return Author(user_id=user_ids[username], at=NOON + timedelta(minutes=minutes))

    return named


def at_the_same_moment(*actions):
    """Run the actions in as many threads, released together; what each raised, or None."""
    start = Barrier(len(actions))

    def run(action):
        start.wait()
        try:
            action()
        except Exception as error:  # noqa: BLE001 - whatever it raises is what the test looks at
            return error
        return None

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(run, actions))


@pytest.fixture
def together():
    return at_the_same_moment
