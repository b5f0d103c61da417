"""Sessions: how long they hold, and that the database is asked at every step."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.access.sessions import SEEN_EVERY, SessionLimits, find_session, new_session, revoke_session
from dashboard.workflow.models import Role, UserAccount, UserSession
from dashboard.workflow.users import StudyGrant, set_active, set_role

LIMITS = SessionLimits(life=timedelta(hours=8), idle=timedelta(minutes=30))
SECOND = timedelta(seconds=1)


@pytest.fixture
def token(database, noon):
    with Session(database) as session, session.begin():
        ada = session.scalars(select(UserAccount).where(UserAccount.username == "ada")).one()
        token, row = new_session(ada.id, now=noon, limits=LIMITS)
        session.add(row)
    return token


def keep_busy(database, token, *, start, until):
    """A click every 20 minutes."""
    moment = start
    while moment < until:
        assert find_session(database, token, now=moment, limits=LIMITS)
        moment += timedelta(minutes=20)


def test_the_holder_of_a_token_is_found_with_role_studies_and_sites(database, noon, token):
    found = find_session(database, token, now=noon, limits=LIMITS)
    assert (found.user.username, found.user.role) == ("ada", Role.CLINICIAN)
    assert found.user.grants == (StudyGrant("cdk46", None), StudyGrant("k4care", ("01",)))
    assert found.user.sites_in("k4care") == ("01",)
    assert found.user.sites_in("cdk46") is None
    assert found.user.sites_in("pulmonary-oligomets") == ()


@pytest.mark.parametrize("wrong", ["", "x", "0" * 43])
def test_another_token_finds_nobody(database, noon, token, wrong):
    assert find_session(database, wrong, now=noon, limits=LIMITS) is None


@pytest.mark.parametrize(
    ("before_the_end", "holds"), [(SECOND, True), (timedelta(0), False), (-SECOND, False)]
)
def test_a_session_in_use_ends_after_eight_hours(database, noon, token, before_the_end, holds):
    end = noon + timedelta(hours=8)
    keep_busy(database, token, start=noon, until=end)
    found = find_session(database, token, now=end - before_the_end, limits=LIMITS)
    assert (found is not None) is holds


@pytest.mark.parametrize(
    ("before_the_end", "holds"), [(SECOND, True), (timedelta(0), False), (-SECOND, False)]
)
def test_a_session_not_used_ends_after_half_an_hour(database, noon, token, before_the_end, holds):
    now = noon + timedelta(minutes=30) - before_the_end
    assert (find_session(database, token, now=now, limits=LIMITS) is not None) is holds


def test_each_step_starts_the_half_hour_anew_within_the_stated_grain(database, noon, token):
    used = noon + timedelta(minutes=29)
    assert find_session(database, token, now=used, limits=LIMITS)
    assert find_session(database, token, now=used + timedelta(minutes=30) - SECOND, limits=LIMITS)
    # A step sooner than SEEN_EVERY after the last one noted is not noted.
    again = used + timedelta(minutes=30) - SECOND + SEEN_EVERY - SECOND
    assert find_session(database, token, now=again, limits=LIMITS)
    with Session(database) as session:
        assert session.scalars(select(UserSession)).one().last_seen_at == again - SEEN_EVERY + SECOND


def test_a_shorter_life_set_by_the_installation_ends_sessions_that_are_open(database, noon, token):
    shorter = SessionLimits(life=timedelta(hours=1), idle=timedelta(hours=8))
    assert find_session(database, token, now=noon + timedelta(minutes=59), limits=shorter)
    assert find_session(database, token, now=noon + timedelta(minutes=60), limits=shorter) is None


def test_a_revoked_session_finds_nobody(database, noon, token):
    session_id = find_session(database, token, now=noon, limits=LIMITS).session_id
    revoke_session(database, session_id, now=noon)
    assert find_session(database, token, now=noon, limits=LIMITS) is None


def test_switching_a_user_off_ends_the_session_at_the_next_step(database, noon, token):
    set_active(database, "ada", is_active=False)
    assert find_session(database, token, now=noon, limits=LIMITS) is None


def test_a_new_role_holds_from_the_next_step_on(database, noon, token):
    set_role(database, "ada", role=Role.COORDINATOR)
    assert find_session(database, token, now=noon, limits=LIMITS).user.role is Role.COORDINATOR


def test_the_token_itself_is_not_in_the_database(database, token):
    with Session(database) as session:
        row = session.scalars(select(UserSession)).one()
    assert token not in row.token_hash
    assert len(row.token_hash) == 64
