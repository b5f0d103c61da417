"""Raising queries. A query and every step of its life are added, never changed or removed.

The study data are never edited here: a query asks, the site corrects its own record, and the next data cut
shows whether it did.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from dashboard.errors import ChangedMeanwhile
from dashboard.workflow.history import FIRST_VERSION, Author, limited, required, writing
from dashboard.workflow.models import DataQuery, QueryEvent
from dashboard.workflow.query_addressee import Addressee
from dashboard.workflow.query_events import Cut, last_reconciliation, lock_queries, record_step
from dashboard.workflow.query_states import Finding, State, Step


@dataclass(frozen=True, kw_only=True)
class NewQuery:
    """What a query asks about. Without a check it was raised on a datum: a row, or one column of it.

    `question`: in its own words, before what is asked in all of them. `asked_of`: who is to answer, where
    that is not the site (of a whole check the administrator).
    """

    table_name: str
    row_key: str
    title: str
    found: str
    check_id: str | None = None
    check_version: str | None = None
    severity: str = "warning"
    issue_group: str = "please_check"
    is_systematic: bool = False
    column_name: str = ""
    patient_id: str | None = None
    site_id: str | None = None
    source_file: str | None = None
    source_row: int | None = None
    row_values: Mapping[str, str | None] | None = None
    question: str = ""
    asked_of: str = ""

    @property
    def issue_hash(self) -> str | None:
        """Identity of the data issue; None for a datum, which may be asked about more than once."""
        if self.check_id is None:
            return None
        return issue_hash(self.check_id, self.table_name, self.row_key, self.column_name)


def issue_hash(check_id: str, table_name: str, row_key: str, column_name: str) -> str:
    """Hash of what identifies a data issue: check, table, row, column (design.md section 3)."""
    return hashlib.sha256("\0".join((check_id, table_name, row_key, column_name)).encode()).hexdigest()


def open_queries(
    engine: Engine, asked: Sequence[NewQuery], question: str, *, cut: Cut, author: Author
) -> list[int]:
    """Raise queries, one per data issue or datum; gives their ids. What was asked before is left as it is.

    Raises `EntryIncomplete` without a question, `ChangedMeanwhile` where another data cut serves by now.
    """
    have_own = bool(asked) and all(one.question for one in asked)
    words = (limited if have_own else required)(question, "the question")
    return _start(engine, asked, words, step=Step.OPENED, cut=cut, author=author)


def dismiss_candidates(
    engine: Engine, asked: Sequence[NewQuery], reason: str, *, cut: Cut, author: Author
) -> list[int]:
    """Say that data issues need no query, and why; gives the ids. Raises as `open_queries` does."""
    return _start(engine, asked, required(reason, "the reason"), step=Step.DISMISSED, cut=cut, author=author)


def _start(
    engine: Engine, asked: Sequence[NewQuery], words: str, *, step: Step, cut: Cut, author: Author
) -> list[int]:
    with writing(engine, "these queries") as session:
        lock_queries(session, cut.study_id)
        _require_serving(session, cut)
        known = _asked_before(session, asked, study_id=cut.study_id)
        fresh = {one.issue_hash or place: one for place, one in enumerate(asked)}
        rows = [
            _add_query(session, one, words, step=step, cut=cut, author=author)
            for identity, one in fresh.items()
            if identity not in known
        ]
        return [row.id for row in rows]


def _asked_before(session: Session, asked: Sequence[NewQuery], *, study_id: str) -> set[str | None]:
    hashes = [one.issue_hash for one in asked if one.issue_hash is not None]
    wanted = select(DataQuery.issue_hash).where(
        DataQuery.study_id == study_id, DataQuery.issue_hash.in_(hashes)
    )
    return set(session.scalars(wanted))


def _require_serving(session: Session, cut: Cut) -> None:
    """A query raised on a data cut that was compared already would miss that comparison."""
    last = last_reconciliation(session, cut.study_id)
    if last is not None and last.snapshot_id != cut.snapshot_id:
        raise ChangedMeanwhile(
            "Queries are raised on the data cut that serves, and this is another one. Nothing was saved. "
            "Choose the current data cut and look again."
        )


def _add_query(
    session: Session, one: NewQuery, words: str, *, step: Step, cut: Cut, author: Author
) -> DataQuery:
    row = DataQuery(
        study_id=cut.study_id,
        issue_hash=one.issue_hash,
        check_id=one.check_id,
        severity=one.severity,
        issue_group=one.issue_group,
        is_systematic=one.is_systematic,
        table_name=one.table_name,
        row_key=one.row_key,
        column_name=one.column_name,
        patient_id=one.patient_id,
        source_file=one.source_file,
        source_row=one.source_row,
        row_values=None if one.row_values is None else dict(one.row_values),
        title=one.title,
        found=one.found,
        created_by=author.user_id,
        created_at=author.at,
    )
    session.add(row)
    session.flush()
    event = QueryEvent(
        query_id=row.id,
        version=FIRST_VERSION,
        kind=step.value,
        state=(State.DISMISSED if step is Step.DISMISSED else State.OPEN).value,
        finding=Finding.PRESENT.value,
        site_id=one.site_id,
        check_version=one.check_version,
        comment="\n".join(part for part in (one.question, words) if part),
        detail=Addressee(kind=one.asked_of).as_detail() if one.asked_of else {},
        snapshot_id=cut.snapshot_id,
        cut_off=cut.cut_off,
        user_id=author.user_id,
        at=author.at,
    )
    session.add(event)
    record_step(session, row, event, author=author)
    return row
