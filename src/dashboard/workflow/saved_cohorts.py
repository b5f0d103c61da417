"""Cohorts and filters somebody kept, each behind a token that addresses may hold."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from dashboard.errors import EntryIncomplete, NoSuchEntry
from dashboard.workflow.entries import SavedCohort as SavedCohortRow
from dashboard.workflow.history import Author, change_row, find_row, required, writing
from dashboard.workflow.models import UserAccount

NAME_LENGTH = 100
TOKEN_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class SavedCohort:
    """A cohort as it stands now; `definition` is the frozen cohort as JSON."""

    cohort_id: int
    version: int
    study_id: str
    name: str
    definition: Mapping[str, Any]
    token: str
    owner_id: int
    owner: str
    saved_at: datetime


def save_cohort(
    engine: Engine, study_id: str, name: str, *, definition: Mapping[str, Any], author: Author
) -> str:
    """Keep a cohort under a name; gives its token. Raises `EntryIncomplete` when the author has that name."""
    kept = required(name, "the name", longest=NAME_LENGTH)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with writing(engine, "the saved cohort") as session:
        _require_free(session, study_id, kept, user_id=author.user_id)
        row = SavedCohortRow(
            study_id=study_id, name=kept, definition=dict(definition), token=token, **author.first_version()
        )
        session.add(row)
    return token


def _require_free(session: Session, study_id: str, name: str, *, user_id: int) -> None:
    taken = select(SavedCohortRow.id).where(
        SavedCohortRow.study_id == study_id,
        SavedCohortRow.created_by == user_id,
        SavedCohortRow.name == name,
        ~SavedCohortRow.is_withdrawn,
    )
    if session.scalar(taken) is not None:
        raise EntryIncomplete(f"You already have a cohort named {name}; choose another name")


def find_cohort(engine: Engine, token: str, *, study_id: str) -> SavedCohort:
    """The cohort behind a token. Raises `NoSuchEntry`, also for a token of another study."""
    with Session(engine) as session:
        found = session.execute(_cohorts(study_id).where(SavedCohortRow.token == token)).first()
    if found is None:
        raise NoSuchEntry("This saved cohort is not there (any more); choose the patients anew")
    return _as_cohort(*found)


def list_cohorts(engine: Engine, study_id: str, *, owner_id: int | None = None) -> list[SavedCohort]:
    """The cohorts of a study, of everybody or of one owner, by name."""
    wanted = _cohorts(study_id)
    if owner_id is not None:
        wanted = wanted.where(SavedCohortRow.created_by == owner_id)
    with Session(engine) as session:
        found = [_as_cohort(*row) for row in session.execute(wanted)]
    # Sorted here: the two engines order letters of other scripts differently.
    return sorted(found, key=lambda cohort: (cohort.name.casefold(), cohort.cohort_id))


def withdraw_cohort(engine: Engine, cohort: SavedCohort, *, author: Author) -> None:
    """Take it off the list; its token then leads nowhere. Raises `NoSuchEntry`, `ChangedMeanwhile`."""
    with writing(engine, "the saved cohort") as session:
        row = _own_row(session, cohort, author=author)
        change_row(session, row, {"is_withdrawn": True}, version=cohort.version, author=author)


def _own_row(session: Session, cohort: SavedCohort, *, author: Author) -> SavedCohortRow:
    row = find_row(session, SavedCohortRow, cohort.cohort_id)
    if row.created_by != author.user_id:
        raise NoSuchEntry(
            f"The cohort {cohort.name} belongs to {cohort.owner}; save it under a name of your own"
        )
    return row


def _cohorts(study_id: str) -> Select[SavedCohortRow, str]:
    return (
        select(SavedCohortRow, UserAccount.display_name)
        .join(UserAccount, UserAccount.id == SavedCohortRow.created_by)
        .where(SavedCohortRow.study_id == study_id, ~SavedCohortRow.is_withdrawn)
    )


def _as_cohort(row: SavedCohortRow, owner: str) -> SavedCohort:
    return SavedCohort(
        cohort_id=row.id,
        version=row.version,
        study_id=row.study_id,
        name=row.name,
        definition=row.definition,
        token=row.token,
        owner_id=row.created_by,
        owner=owner,
        saved_at=row.created_at,
    )
