"""Users and the studies and sites granted to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dashboard.errors import NoSuchUser, UserExists
from dashboard.workflow.models import Role, UserAccount, UserStudy


@dataclass(frozen=True)
class StudyGrant:
    """One study a user may see; `sites` None means every site, () means none."""

    study_id: str
    sites: tuple[str, ...] | None = None


@dataclass(frozen=True)
class User:
    """Somebody who may sign in, as the database says now."""

    user_id: int
    username: str
    display_name: str
    role: Role
    is_demo: bool
    grants: tuple[StudyGrant, ...]

    @property
    def study_ids(self) -> tuple[str, ...]:
        """The studies granted, in order of their id."""
        return tuple(grant.study_id for grant in self.grants)

    def sites_in(self, study_id: str) -> tuple[str, ...] | None:
        """The sites of a granted study this user may see; None = all. A study not granted gives ()."""
        return next((grant.sites for grant in self.grants if grant.study_id == study_id), ())


@dataclass(frozen=True, kw_only=True)
class NewUser:
    """What is needed to add a user; the password comes hashed, it is never stored in the clear."""

    username: str
    display_name: str
    password_hash: str
    role: Role
    grants: Sequence[StudyGrant] = ()
    is_demo: bool = False


def normal_username(typed: str) -> str:
    """A user name as it is stored: case and surrounding blanks do not matter."""
    return typed.strip().casefold()


def as_user(account: UserAccount) -> User:
    """The account as the rest of the program sees it, without its password hash."""
    return User(
        user_id=account.id,
        username=account.username,
        display_name=account.display_name,
        role=Role(account.role),
        is_demo=account.is_demo,
        grants=tuple(
            StudyGrant(grant.study_id, None if grant.sites is None else tuple(grant.sites))
            for grant in account.grants
        ),
    )


def add_users(engine: Engine, users: Iterable[NewUser], *, now: datetime) -> None:
    """Add all of them or none. Raises `UserExists` when a user name is taken."""
    accounts = [_account(user, now=now) for user in users]
    try:
        with Session(engine) as session, session.begin():
            session.add_all(accounts)
    except IntegrityError as error:
        names = ", ".join(account.username for account in accounts)
        raise UserExists(f"one of the user names {names} is taken; choose another") from error


def _account(user: NewUser, *, now: datetime) -> UserAccount:
    return UserAccount(
        username=normal_username(user.username),
        display_name=user.display_name,
        password_hash=user.password_hash,
        role=user.role.value,
        is_active=True,
        is_demo=user.is_demo,
        created_at=now,
        grants=[
            UserStudy(study_id=grant.study_id, sites=None if grant.sites is None else list(grant.sites))
            for grant in user.grants
        ],
    )


def list_users(engine: Engine) -> list[User]:
    """Every active user, by user name."""
    wanted = select(UserAccount).where(UserAccount.is_active).order_by(UserAccount.username)
    with Session(engine) as session:
        return [as_user(account) for account in session.scalars(wanted)]


def count_users(engine: Engine) -> int:
    """How many users there are, switched off ones included."""
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(UserAccount)) or 0


def has_demo_users(engine: Engine) -> bool:
    """Whether somebody can sign in with the published demonstration password."""
    wanted = select(UserAccount.id).where(UserAccount.is_active, UserAccount.is_demo).limit(1)
    with Session(engine) as session:
        return session.scalar(wanted) is not None


def grant_study(engine: Engine, username: str, *, grant: StudyGrant) -> None:
    """Let a user see a study, in place of what they could see of it before. Raises `NoSuchUser`."""
    sites = None if grant.sites is None else list(grant.sites)
    with Session(engine) as session, session.begin():
        account = _find(session, username)
        held = next((one for one in account.grants if one.study_id == grant.study_id), None)
        if held is None:
            account.grants.append(UserStudy(study_id=grant.study_id, sites=sites))
        else:
            held.sites = sites


def revoke_study(engine: Engine, username: str, *, study_id: str) -> bool:
    """Take a study away from a user; False where they did not have it. Raises `NoSuchUser`."""
    with Session(engine) as session, session.begin():
        held = next((one for one in _find(session, username).grants if one.study_id == study_id), None)
        if held is not None:
            session.delete(held)
        return held is not None


def set_active(engine: Engine, username: str, *, is_active: bool) -> None:
    """Switch a user on or off; off ends every session at its next step. Raises `NoSuchUser`."""
    with Session(engine) as session, session.begin():
        _find(session, username).is_active = is_active


def set_role(engine: Engine, username: str, *, role: Role) -> None:
    """Give a user another role, which holds from their next step on. Raises `NoSuchUser`."""
    with Session(engine) as session, session.begin():
        _find(session, username).role = role.value


def set_password(engine: Engine, username: str, *, password_hash: str) -> None:
    """Replace a password; the account is no demonstration account any more. Raises `NoSuchUser`."""
    with Session(engine) as session, session.begin():
        account = _find(session, username)
        account.password_hash = password_hash
        account.is_demo = False


def _find(session: Session, username: str) -> UserAccount:
    name = normal_username(username)
    account = session.scalar(select(UserAccount).where(UserAccount.username == name))
    if account is None:
        raise NoSuchUser(f"user name {name!r} is not known; `dashboard users list` prints those that are")
    return account
