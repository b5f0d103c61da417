"""Signing in: one neutral refusal, everything in the audit trail, nobody let in without it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from streamlit_authenticator import Hasher

from dashboard.access.auth import Credentials, Refusal, SignInForm, SignInOptions, sign_in
from dashboard.access.passwords import NOBODYS_HASH, hash_password
from dashboard.access.sessions import find_session
from dashboard.errors import PasswordTooLong
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind

PASSWORD = "right-password"
OPTIONS = SignInOptions()


def attempt(engine, username, password, *, now):
    return sign_in(
        engine,
        Credentials(username=username, password=password, address="10.0.0.1"),
        now=now,
        options=OPTIONS,
    )


def test_the_right_password_opens_a_session_and_is_recorded(database, noon):
    token = attempt(database, "Ada ", PASSWORD, now=noon)
    found = find_session(database, token, now=noon, limits=OPTIONS.session)
    assert found.user.username == "ada"
    event = read_events(database)[0]
    assert (event.kind, event.user_id, event.session_id) == (
        AuditKind.SIGN_IN,
        found.user.user_id,
        found.session_id,
    )


def test_every_refusal_reads_the_same_and_only_the_audit_trail_knows_why(database, noon):
    refusals = [
        attempt(database, "nobody", PASSWORD, now=noon),
        attempt(database, "gone", PASSWORD, now=noon),
        *(attempt(database, "ada", "wrong", now=noon) for _ in range(5)),
        attempt(database, "ada", PASSWORD, now=noon),
    ]
    assert set(refusals) == {Refusal.NEUTRAL}
    reasons = [event.detail["reason"] for event in reversed(read_events(database))]
    assert reasons == ["unknown_user", "switched_off", *["wrong_password"] * 5, "locked"]


def test_after_the_lock_the_right_password_opens_again(database, noon):
    for _ in range(5):
        attempt(database, "ada", "wrong", now=noon)
    almost = noon + timedelta(minutes=15) - timedelta(seconds=1)
    assert attempt(database, "ada", PASSWORD, now=almost) is Refusal.NEUTRAL
    assert find_session(
        database,
        attempt(database, "ada", PASSWORD, now=noon + timedelta(minutes=15)),
        now=noon + timedelta(minutes=15),
        limits=OPTIONS.session,
    )


@pytest.mark.parametrize(
    ("username", "password"),
    [("", ""), ("ada", ""), ("", PASSWORD), ("ada", PASSWORD + " "), ("ada", "a\0b"), ("a" * 5000, "x")],
)
def test_odd_input_is_refused_like_any_other(database, noon, username, password):
    assert attempt(database, username, password, now=noon) is Refusal.NEUTRAL


def test_an_unknown_name_costs_the_same_hashing_work_as_a_known_one():
    assert NOBODYS_HASH.startswith(hash_password("x")[:7])


@pytest.mark.parametrize(("password", "size"), [("a" * 72, 72), ("中" * 24, 72)])
def test_a_password_of_72_bytes_is_taken(password, size):
    assert len(password.encode()) == size
    assert Hasher.check_pw(password, hash_password(password))


@pytest.mark.parametrize("password", ["a" * 73, "中" * 24 + "a"])
def test_a_longer_password_is_refused_politely_and_does_not_count(database, noon, password):
    with pytest.raises(PasswordTooLong, match="73 bytes; at most 72"):
        hash_password(password)
    for _ in range(9):
        assert attempt(database, "ada", password, now=noon) is Refusal.TOO_LONG
    assert not isinstance(attempt(database, "ada", PASSWORD, now=noon), Refusal)


def test_nobody_is_let_in_when_the_audit_trail_cannot_be_written(database, noon):
    with database.begin() as connection:
        connection.execute(text("alter table audit_event rename to lost"))
    assert attempt(database, "ada", PASSWORD, now=noon) is Refusal.UNAVAILABLE
    assert attempt(database, "ada", "wrong", now=noon) is Refusal.UNAVAILABLE
    with database.connect() as connection:
        assert connection.execute(text("select count(*) from user_session")).scalar_one() == 0


def test_nothing_typed_stands_in_the_audit_trail(database, noon):
    attempt(database, "typed-name", "typed-password", now=noon)
    assert "typed" not in str(read_events(database))


def test_the_form_never_reads_the_cookie_of_the_library():
    form = SignInForm(lambda _username, _password: False)
    assert form.cookie_controller.get_cookie() is None
    assert not hasattr(form.cookie_controller, "cookie_model")
    assert form.attrs["login_sleep_time"] == 0
