"""Signing in: the form and the hashing of streamlit-authenticator; users, lock-out and sessions are ours.

The library's own memory of who is signed in is never written, and its cookie is neither set nor read: it
would sign in again when replayed after sign-out. Single sign-on can stand beside this form: whatever
proves who somebody is then opens a session of ours, and nothing behind `current_user()` changes.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from streamlit_authenticator import Authenticate, Hasher

from dashboard.access.lockout import LockOutOptions, is_locked, start_attempt
from dashboard.access.passwords import NOBODYS_HASH, is_too_long
from dashboard.access.sessions import SessionLimits, new_session
from dashboard.errors import AuditUnavailable
from dashboard.workflow.audit import Event, audit_row, record
from dashboard.workflow.models import AttemptOutcome, AuditKind, SignInAttempt, UserAccount
from dashboard.workflow.users import normal_username

logger = logging.getLogger(__name__)


class Refusal(StrEnum):
    """What somebody is told who was not let in; the first is the same whatever the reason was."""

    NEUTRAL = (
        "These details were not accepted. After several attempts sign-in pauses for 15 minutes; "
        "if you need help, ask your administrator."
    )
    TOO_LONG = (
        "This password is too long: at most 72 bytes are allowed (72 plain Latin letters, "
        "24 Chinese characters)."
    )
    UNAVAILABLE = "Sign-in is not possible at the moment. Please try again later or tell your administrator."


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What somebody typed, and where from."""

    username: str
    password: str = field(repr=False)
    address: str


@dataclass(frozen=True, kw_only=True)
class SignInOptions:
    """Limits of sessions and of attempts."""

    session: SessionLimits = SessionLimits(life=timedelta(hours=8), idle=timedelta(minutes=30))
    lock_out: LockOutOptions = LockOutOptions()


def sign_in(
    engine: Engine, credentials: Credentials, *, now: datetime, options: SignInOptions
) -> str | Refusal:
    """The token of a new session, or the refusal to show. Every outcome is written to the audit trail.

    An unknown name, a wrong password, a switched-off account and a lock give the same text after the same
    work. If the audit trail cannot be written, nobody is let in.
    """
    if is_too_long(credentials.password):
        return Refusal.TOO_LONG
    try:
        attempt_id = start_attempt(engine, credentials.username, address=credentials.address, now=now)
        locked = is_locked(engine, attempt_id, now=now, options=options.lock_out)
        account = _find_account(engine, credentials.username)
        matches = Hasher.check_pw(credentials.password, account.password_hash if account else NOBODYS_HASH)
        if account is not None and matches and account.is_active and not locked:
            return _open(engine, account.id, attempt_id, now=now, limits=options.session)
        reason = _reason(account, locked=locked, matches=matches)
        detail = {"reason": reason, "address": credentials.address}
        user_id = account.id if account else None
        record(engine, Event(kind=AuditKind.SIGN_IN_REFUSED, user_id=user_id, detail=detail), now=now)
    except (SQLAlchemyError, AuditUnavailable):
        logger.exception("sign-in could not be decided")
        return Refusal.UNAVAILABLE
    return Refusal.NEUTRAL


def _find_account(engine: Engine, username: str) -> UserAccount | None:
    wanted = select(UserAccount).where(UserAccount.username == normal_username(username))
    with Session(engine) as session:
        return session.scalar(wanted)


def _open(engine: Engine, user_id: int, attempt_id: int, *, now: datetime, limits: SessionLimits) -> str:
    """Write session, attempt and audit event together, so that none stands without the others."""
    token, row = new_session(user_id, now=now, limits=limits)
    with Session(engine) as session, session.begin():
        attempt = session.get_one(SignInAttempt, attempt_id)
        attempt.outcome = AttemptOutcome.SIGNED_IN.value
        session.add(row)
        session.flush()
        detail = {"address": attempt.address}
        event = Event(kind=AuditKind.SIGN_IN, user_id=user_id, session_id=row.id, detail=detail)
        session.add(audit_row(event, now=now))
    return token


def _reason(account: UserAccount | None, *, locked: bool, matches: bool) -> str:
    """Why, for the audit trail only."""
    if locked:
        return "locked"
    if account is None:
        return "unknown_user"
    return "wrong_password" if not matches else "switched_off"


class SignInForm(Authenticate):
    """The library's sign-in form, asking `check(username, password)`, which says whether it let in.

    The library's own start-up is left out on purpose: it would place a cookie component on the page.
    """

    def __init__(self, check: Callable[[str, str], bool]) -> None:
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = _NoCookie()
        self.authentication_controller = _Check(check)

    def show(self) -> None:
        """Draw the form; a submitted one is checked at once."""
        self.login(
            fields={"Form name": "Sign in", "Username": "User name", "Login": "Sign in"}, key="sign_in"
        )


class _NoCookie:
    """Stands where the library keeps its cookie: whatever cookie arrives, nobody is signed in by it."""

    def get_cookie(self) -> None:
        """Nothing is read."""

    def set_cookie(self) -> None:
        """Nothing is set."""


class _Check:
    """Stands where the library compares with its own list of users."""

    def __init__(self, check: Callable[[str, str], bool]) -> None:
        self._check = check

    def login(self, username: str, password: str, *_limits: Any, **_options: Any) -> bool:
        """Ask our own check; limits and options of the library are not used."""
        return self._check(username, password)
