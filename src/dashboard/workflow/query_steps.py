"""Taking a query further: comment, answer, close, reopen, dismiss, give it to somebody else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from dashboard.errors import ChangedMeanwhile, NoSuchEntry
from dashboard.workflow.history import Author, limited, required, writing
from dashboard.workflow.models import DataQuery, QueryEvent
from dashboard.workflow.query_addressee import Addressee, addressee_of, require_other
from dashboard.workflow.query_events import Cut, Scope, next_event, record_step
from dashboard.workflow.query_states import (
    TAKING_PART,
    Finding,
    State,
    Step,
    after,
    require_consent,
    require_second_person,
)

COMMENT_TRIES = 5
# A closed query says why by its answer; every other step has to.
WITHOUT_WORDS = frozenset({Step.CLOSED})


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A step somebody takes with a query, on top of the version they saw, with what they write about it.

    `asked_of`: who is to answer from now on, of a step that gives the query to somebody else.
    """

    query_id: int
    step: Step
    version: int
    words: str = ""
    asked_of: Addressee | None = None


def take_step(engine: Engine, entry: Entry, *, scope: Scope, cut: Cut, author: Author) -> int:
    """Answer, close, reopen, dismiss or re-assign a query; gives the new version.

    A comment goes on top of any version.

    Raises `NotAllowedNow`, `SecondPersonNeeded`, `EntryIncomplete`, `NoSuchEntry` outside the scope, and
    `ChangedMeanwhile` when somebody else took a step after the version seen. Nothing is saved then.
    """
    if entry.step is not Step.COMMENTED:
        return _step_once(engine, entry, scope=scope, cut=cut, author=author)
    for _try in range(COMMENT_TRIES - 1):
        try:
            return _step_once(engine, entry, scope=scope, cut=cut, author=author)
        except ChangedMeanwhile:
            continue
    return _step_once(engine, entry, scope=scope, cut=cut, author=author)


def _step_once(engine: Engine, entry: Entry, *, scope: Scope, cut: Cut, author: Author) -> int:
    words = _words(entry)
    with writing(engine, "this query") as session:
        row, last = _find(session, entry.query_id, scope)
        if entry.step is not Step.COMMENTED and last.version != entry.version:
            raise ChangedMeanwhile(
                "Somebody else, or a new data cut, took this query a step further since you looked. "
                "Nothing was saved. Read its history and decide again."
            )
        require_consent(entry.step, steps=_kinds(session, row.id))
        require_second_person(
            entry.step, severity=row.severity, user_id=author.user_id, taking_part=_part(session, row.id)
        )
        state = after(entry.step, state=State(last.state), finding=Finding(last.finding))
        event = next_event(last, entry.step, state=state, cut=cut)
        event.comment, event.user_id, event.at = words, author.user_id, author.at
        if entry.step is Step.ASSIGNED:
            event.detail = require_other(entry.asked_of, now=_asked_of(session, row)).as_detail()
        session.add(event)
        record_step(session, row, event, author=author)
        return last.version + 1


def _words(entry: Entry) -> str:
    what = {Step.ANSWERED: "the answer", Step.COMMENTED: "the comment"}.get(entry.step, "the reason")
    return limited(entry.words, what) if entry.step in WITHOUT_WORDS else required(entry.words, what)


def _find(session: Session, query_id: int, scope: Scope) -> tuple[DataQuery, QueryEvent]:
    row = session.get(DataQuery, query_id)
    last = session.scalar(
        select(QueryEvent).where(QueryEvent.query_id == query_id).order_by(QueryEvent.version.desc()).limit(1)
    )
    if row is None or last is None or row.study_id != scope.study_id:
        raise NoSuchEntry("This query is not known. Nothing was saved.")
    if not scope.covers(last.site_id, row.patient_id):
        raise NoSuchEntry("This query is not one of your sites. Nothing was saved.")
    return row, last


def _asked_of(session: Session, row: DataQuery) -> Addressee:
    wanted = select(QueryEvent.detail).where(QueryEvent.query_id == row.id).order_by(QueryEvent.version)
    return addressee_of(session.scalars(wanted).all(), is_systematic=row.is_systematic)


def _kinds(session: Session, query_id: int) -> Sequence[str]:
    wanted = select(QueryEvent.kind).where(QueryEvent.query_id == query_id).order_by(QueryEvent.version)
    return session.scalars(wanted).all()


def _part(session: Session, query_id: int) -> Collection[int | None]:
    wanted = select(QueryEvent.user_id).where(
        QueryEvent.query_id == query_id, QueryEvent.kind.in_([step.value for step in TAKING_PART])
    )
    return set(session.scalars(wanted))
