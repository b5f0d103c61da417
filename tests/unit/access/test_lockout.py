"""Timed lock-out, at and beside its boundaries."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.access.lockout import LockOutOptions, is_locked, start_attempt
from dashboard.workflow.models import AttemptOutcome, SignInAttempt

OPTIONS = LockOutOptions(failures_by_user=5, failures_by_address=8, window=timedelta(minutes=15))
SECOND = timedelta(seconds=1)


def attempt(engine, username, *, address, now):
    """Whether a (failing) attempt is refused by a lock."""
    attempt_id = start_attempt(engine, username, address=address, now=now)
    return is_locked(engine, attempt_id, now=now, options=OPTIONS)


def succeed(engine, username, *, address, now):
    attempt_id = start_attempt(engine, username, address=address, now=now)
    with Session(engine) as session, session.begin():
        session.get_one(SignInAttempt, attempt_id).outcome = AttemptOutcome.SIGNED_IN.value


@pytest.mark.parametrize(("earlier_failures", "locked"), [(4, False), (5, True), (6, True)])
def test_a_user_name_is_locked_from_the_fifth_refusal_on(database, noon, earlier_failures, locked):
    for n in range(earlier_failures):
        attempt(database, "ada", address=f"address {n}", now=noon)
    assert attempt(database, "ada", address="another", now=noon + SECOND) is locked


@pytest.mark.parametrize(("earlier_failures", "locked"), [(7, False), (8, True), (9, True)])
def test_an_address_is_locked_from_its_eighth_refusal_on_whoever_is_tried(
    database, noon, earlier_failures, locked
):
    for n in range(earlier_failures):
        attempt(database, f"user {n}", address="10.0.0.1", now=noon)
    assert attempt(database, "ada", address="10.0.0.1", now=noon + SECOND) is locked
    assert attempt(database, "ada", address="10.0.0.2", now=noon + SECOND) is False


@pytest.mark.parametrize(
    ("later", "locked"),
    [
        (timedelta(minutes=15) - SECOND, True),
        (timedelta(minutes=15), False),
        (timedelta(minutes=15) + SECOND, False),
    ],
)
def test_a_lock_ends_fifteen_minutes_after_the_refusals(database, noon, later, locked):
    for _ in range(5):
        attempt(database, "ada", address="10.0.0.1", now=noon)
    assert attempt(database, "ada", address="10.0.0.1", now=noon + later) is locked


def test_trying_during_a_lock_does_not_prolong_it(database, noon):
    for _ in range(5):
        attempt(database, "ada", address="10.0.0.1", now=noon)
    for minute in range(1, 15):
        assert attempt(database, "ada", address="10.0.0.1", now=noon + timedelta(minutes=minute))
    assert not attempt(database, "ada", address="10.0.0.1", now=noon + timedelta(minutes=15))


def test_signing_in_wipes_the_refusals_of_the_user_but_not_of_the_address(database, noon):
    for _ in range(4):
        attempt(database, "ada", address="10.0.0.1", now=noon)
    succeed(database, "ada", address="10.0.0.1", now=noon)
    for _ in range(3):
        assert not attempt(database, "ada", address="10.0.0.1", now=noon)
    # The user has three refusals since, the address has seven: one more is let through, then it is locked.
    assert not attempt(database, "bob", address="10.0.0.1", now=noon)
    assert attempt(database, "ada", address="10.0.0.1", now=noon)
    assert not attempt(database, "ada", address="10.0.0.2", now=noon)


def test_case_and_blanks_do_not_give_new_attempts(database, noon):
    for typed in ("ada", "ADA", " ada", "ada ", "Ada"):
        attempt(database, typed, address="10.0.0.1", now=noon)
    assert attempt(database, "aDa", address="10.0.0.2", now=noon)


def test_what_was_typed_as_a_name_is_not_kept(database, noon):
    attempt(database, "my-secret-typed-in-the-wrong-box", address="10.0.0.1", now=noon)
    with Session(database) as session:
        row = session.scalars(select(SignInAttempt)).one()
    assert "secret" not in f"{row.username_hash}{row.address}{row.outcome}"
