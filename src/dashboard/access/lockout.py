"""Timed lock-out: too many refused attempts for one user name or from one address within a while.

The lock ends by itself. Attempts during a lock are refused without counting, so that somebody who keeps
trying cannot keep a colleague out for ever.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from dashboard.workflow.models import AttemptOutcome, SignInAttempt
from dashboard.workflow.users import normal_username


@dataclass(frozen=True, kw_only=True)
class LockOutOptions:
    """Locked once this many refused attempts lie within the window; an address may belong to a whole ward."""

    failures_by_user: int = 5
    failures_by_address: int = 30
    window: timedelta = timedelta(minutes=15)


def hash_username(typed: str) -> str:
    """Fingerprint of what was typed as a user name."""
    return hashlib.sha256(normal_username(typed).encode()).hexdigest()


def start_attempt(engine: Engine, username: str, *, address: str, now: datetime) -> int:
    """Record an attempt as refused before the password is looked at, and give its id.

    Attempts made at the same moment then see one another, so guessing in parallel gains nothing.
    """
    attempt = SignInAttempt(
        username_hash=hash_username(username),
        address=address[:100],
        outcome=AttemptOutcome.REFUSED.value,
        at=now,
    )
    with Session(engine) as session, session.begin():
        session.add(attempt)
        session.flush()
        return attempt.id


def is_locked(engine: Engine, attempt_id: int, *, now: datetime, options: LockOutOptions) -> bool:
    """Whether the other refused attempts within the window forbid this one; if so it stops counting.

    A sign-in wipes the earlier refusals of its user name, but not those of its address.
    """
    with Session(engine) as session, session.begin():
        attempt = session.get_one(SignInAttempt, attempt_id)
        same_user = SignInAttempt.username_hash == attempt.username_hash
        last_sign_in = (
            select(func.coalesce(func.max(SignInAttempt.id), 0))
            .where(same_user, SignInAttempt.outcome == AttemptOutcome.SIGNED_IN.value)
            .scalar_subquery()
        )
        refused = select(func.count()).where(
            SignInAttempt.outcome == AttemptOutcome.REFUSED.value,
            SignInAttempt.id != attempt_id,
            SignInAttempt.at > now - options.window,
        )
        by_user = session.scalar(refused.where(same_user, SignInAttempt.id > last_sign_in)) or 0
        by_address = session.scalar(refused.where(SignInAttempt.address == attempt.address)) or 0
        locked = by_user >= options.failures_by_user or by_address >= options.failures_by_address
        if locked:
            attempt.outcome = AttemptOutcome.LOCKED.value
        return locked
