"""Changes that lose nothing: each is written with what stood there before, and only on the version it saw."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from dashboard.errors import ChangedMeanwhile, EntryIncomplete, NoSuchEntry
from dashboard.workflow.audit import Event, audit_row
from dashboard.workflow.entries import RowChange, Versioned
from dashboard.workflow.models import AuditKind, UserAccount

FIRST_VERSION = 1
# PostgreSQL's codes: the key is taken, two transactions waited for one another.
LOST_RACE = {"23505", "40P01"}
# Never part of what a change may set.
FIXED = {"id", "version", "created_by", "created_at"}
Row = TypeVar("Row", bound=Versioned)


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who writes, in which session, and when (UTC)."""

    user_id: int
    at: datetime
    session_id: int | None = None

    def event(self, kind: AuditKind, **about: Any) -> Event:
        """An event of the audit trail in this person's name."""
        return Event(kind=kind, user_id=self.user_id, session_id=self.session_id, **about)

    def first_version(self) -> dict[str, Any]:
        """What a new versioned row says about its beginning."""
        return {"is_withdrawn": False, "created_by": self.user_id, "created_at": self.at}


@dataclass(frozen=True)
class Change:
    """What stood in a row until somebody changed it."""

    changed_at: datetime
    changed_by: str
    version: int
    before: Mapping[str, Any]


@contextmanager
def writing(engine: Engine, what: str) -> Iterator[Session]:
    """One transaction. Raises `ChangedMeanwhile` when somebody else wrote that version of `what` first."""
    try:
        with Session(engine) as session, session.begin():
            yield session
    except (DBAPIError, StaleDataError) as error:
        if isinstance(error, DBAPIError) and not _is_taken(error):
            raise
        raise ChangedMeanwhile(
            f"Somebody else changed {what} at the same moment. Nothing was saved. "
            "Read what stands there now and save again."
        ) from error


def _is_taken(error: DBAPIError) -> bool:
    """Whether the row was refused because somebody else's write of the same row came first."""
    refused = error.orig
    return (
        getattr(refused, "sqlstate", None) in LOST_RACE
        or getattr(refused, "sqlite_errorname", None) == "SQLITE_CONSTRAINT_UNIQUE"
    )


def find_row(session: Session, kind: type[Row], row_id: int) -> Row:
    """The row. Raises `NoSuchEntry` when it is unknown or was withdrawn."""
    row = session.get(kind, row_id)
    if row is None or row.is_withdrawn:
        raise NoSuchEntry("This entry is not there any more; somebody took it away. Nothing was saved.")
    return row


def change_row(
    session: Session, row: Versioned, values: Mapping[str, Any], *, version: int, author: Author
) -> None:
    """Set `values` in a row last seen at `version`, and keep what stood there before.

    Raises `ChangedMeanwhile` when the row has another version by now. Values equal to the present ones
    change nothing and leave no trace.
    """
    if row.version != version:
        raise ChangedMeanwhile(
            f"Somebody else changed this entry: it has version {row.version} by now, you saw version "
            f"{version}. Nothing was saved. Read what stands there now and save again."
        )
    before = {name: getattr(row, name) for name in values if name not in FIXED}
    if before == dict(values):
        return
    session.add(
        RowChange(
            table_name=_table_name(type(row)),
            row_id=row.id,
            version=version,
            before={name: _plain(value) for name, value in before.items()},
            user_id=author.user_id,
            at=author.at,
        )
    )
    for name, value in values.items():
        setattr(row, name, value)


def read_changes(engine: Engine, kind: type[Versioned], row_id: int) -> list[Change]:
    """One entry per change of the row, newest first."""
    wanted = (
        select(RowChange, UserAccount.display_name)
        .join(UserAccount, UserAccount.id == RowChange.user_id)
        .where(RowChange.table_name == _table_name(kind), RowChange.row_id == row_id)
        .order_by(RowChange.version.desc())
    )
    with Session(engine) as session:
        return [Change(row.at, name, row.version, row.before) for row, name in session.execute(wanted)]


def record_with(session: Session, event: Event, *, author: Author) -> None:
    """Write the event together with what it records: neither stands without the other."""
    session.add(audit_row(event, now=author.at))


def required(text: str, what: str, *, longest: int = 4_000) -> str:
    """The text without surrounding blanks. Raises `EntryIncomplete` when it is empty or too long."""
    kept = text.strip()
    if not kept:
        raise EntryIncomplete(f"{_capital(what)} is empty; please write it. Nothing was saved.")
    return limited(kept, what, longest=longest)


def limited(text: str, what: str, *, longest: int = 4_000) -> str:
    """The text without surrounding blanks; it may be empty. Raises `EntryIncomplete` when it is too long."""
    kept = text.strip()
    if len(kept) > longest:
        raise EntryIncomplete(
            f"{_capital(what)} has {len(kept):,} characters; at most {longest:,} are allowed. "
            "Nothing was saved."
        )
    return kept


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _table_name(kind: type[Versioned]) -> str:
    return str(kind.__tablename__)  # type: ignore[attr-defined]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
