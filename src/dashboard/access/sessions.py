"""Sessions of ours, checked at every step: they end after some hours, when unused, or when revoked.

The token lives in the memory of one browser tab's Streamlit session only. No cookie carries it, so there
is nothing to steal from a browser and nothing to replay; a full reload of the page asks to sign in again.
The database keeps a fingerprint of the token, never the token.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from dashboard.workflow.models import UserSession
from dashboard.workflow.users import User, as_user

# Saves a write per click; a session may therefore seem idle up to this much earlier.
SEEN_EVERY = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class SessionLimits:
    """How long a session lives at most, and how long it may stay unused."""

    life: timedelta
    idle: timedelta


@dataclass(frozen=True)
class SignedIn:
    """Somebody with a session that holds now."""

    session_id: int
    user: User


def new_session(user_id: int, *, now: datetime, limits: SessionLimits) -> tuple[str, UserSession]:
    """A fresh token and its row, for the caller to write together with the sign-in."""
    token = secrets.token_urlsafe(32)
    row = UserSession(
        token_hash=_fingerprint(token),
        user_id=user_id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + limits.life,
    )
    return token, row


def find_session(engine: Engine, token: str, *, now: datetime, limits: SessionLimits) -> SignedIn | None:
    """Who holds the token, with role and grants as they are now; None when the session does not hold."""
    with Session(engine) as session, session.begin():
        row = session.scalar(select(UserSession).where(UserSession.token_hash == _fingerprint(token)))
        if row is None or not _holds(row, now=now, limits=limits):
            return None
        if now - row.last_seen_at >= SEEN_EVERY:
            row.last_seen_at = now
        return SignedIn(session_id=row.id, user=as_user(row.user))


def _holds(row: UserSession, *, now: datetime, limits: SessionLimits) -> bool:
    return (
        row.revoked_at is None
        and row.user.is_active
        and now < row.expires_at
        and now < row.created_at + limits.life
        and now - row.last_seen_at < limits.idle
    )


def revoke_session(engine: Engine, session_id: int, *, now: datetime) -> None:
    """End a session; its token is worth nothing from now on."""
    with Session(engine) as session, session.begin():
        row = session.get_one(UserSession, session_id)
        row.revoked_at = row.revoked_at or now


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
