"""When somebody last looked at the worklist: the session before this one, whoever else looked."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dashboard.workflow.database import open_workflow
from dashboard.workflow.history import Author
from dashboard.workflow.last_looked import look_at
from dashboard.workflow.models import UserAccount

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path):
    engine = open_workflow(f"sqlite:///{tmp_path / 'workflow.sqlite'}")
    with Session(engine) as session, session.begin():
        for name in ("a", "b"):
            session.add(
                UserAccount(
                    username=name, display_name=name, password_hash="x", role="clinician", created_at=MONDAY
                )
            )
    yield engine
    engine.dispose()


def look(engine, snapshot_id, *, day, session_id, user_id=1):
    author = Author(user_id=user_id, at=MONDAY + timedelta(days=day), session_id=session_id)
    found = look_at(engine, "s", snapshot_id, author=author)
    return found and (found.snapshot_id, (found.at - MONDAY).days)


def test_the_look_before_is_that_of_the_session_before(engine):
    assert look(engine, "cut1", day=0, session_id=1) is None
    assert look(engine, "cut1", day=0, session_id=1) is None
    assert look(engine, "cut2", day=7, session_id=2) == ("cut1", 0)
    assert look(engine, "cut2", day=7, session_id=2) == ("cut1", 0)
    assert look(engine, "cut2", day=8, session_id=3) == ("cut2", 7)


def test_another_users_look_is_not_mine(engine):
    assert look(engine, "cut1", day=0, session_id=1) is None
    assert look(engine, "cut1", day=1, session_id=2, user_id=2) is None


def test_the_last_look_at_another_data_cut_is_kept_through_later_sessions(engine):
    def other(snapshot_id, *, day, session_id):
        author = Author(user_id=1, at=MONDAY + timedelta(days=day), session_id=session_id)
        found = look_at(engine, "s", snapshot_id, author=author)
        then = found and found.at_other_cut(snapshot_id)
        return then and (then.snapshot_id, (then.at - MONDAY).days)

    assert other("cut1", day=0, session_id=1) is None
    # The second sign-in at the first data cut: there is no other yet.
    assert other("cut1", day=1, session_id=2) is None
    assert [other("cut2", day=day, session_id=day) for day in (7, 8, 9)] == [("cut1", 1)] * 3
    assert other("cut3", day=14, session_id=14) == ("cut2", 9)
