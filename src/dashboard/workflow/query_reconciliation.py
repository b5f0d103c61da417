"""What a new data cut answers: every query of a study is compared with the data that serve.

Once per publish or roll-back, in one transaction; comparing with the same data cut again changes nothing. The
workflow database knows no study data, so the caller passes a function that looks up what the data say.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from dashboard.errors import ChangedMeanwhile
from dashboard.workflow.audit import Event, audit_row
from dashboard.workflow.history import FIRST_VERSION, writing
from dashboard.workflow.models import AuditKind, DataQuery, QueryEvent, QueryReconciliation
from dashboard.workflow.query_events import Cut, last_reconciliation, lock_queries, next_event
from dashboard.workflow.query_states import WAITING, Finding, State, Step

TRIES = 5
# The data issue is there again. What was dismissed stays so until a person reopens it.
REOPENED_BY_RETURN = frozenset({State.ANSWERED, State.CLOSED})


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """What a query asks about, for whoever looks it up in the data."""

    query_id: int
    check_id: str | None
    table_name: str
    row_key: str
    column_name: str
    patient_id: str | None
    is_systematic: bool
    row_values: Mapping[str, str | None] | None


class Fact(Protocol):
    """What the data say about one query; `store.query_facts` explains each part."""

    @property
    def is_found(self) -> bool:
        """Whether what was asked about is still there."""

    @property
    def row(self) -> str:
        """Whether the row is "there", "excluded" or "absent"."""

    @property
    def check_version(self) -> str | None:
        """The definition of the check that ran; None where it did not."""

    @property
    def site_id(self) -> str | None:
        """The site of the patient now."""

    @property
    def changes(self) -> Mapping[str, tuple[str | None, str | None]]:
        """Columns with another value, as (before, now)."""


LookUp = Callable[[Sequence[Tracked]], Mapping[int, Fact]]


@dataclass(frozen=True)
class Outcome:
    """What a comparison did: queries looked at, and how many took each step."""

    n_queries: int
    steps: Mapping[Step, int]


def is_reconciled(engine: Engine, study_id: str, snapshot_id: str) -> bool:
    """Whether the last comparison of the study was with this data cut."""
    with Session(engine) as session:
        last = last_reconciliation(session, study_id)
    return last is not None and last.snapshot_id == snapshot_id


def reconcile(engine: Engine, cut: Cut, look_up: LookUp, *, now: datetime) -> Outcome | None:
    """Compare the queries of a study with the data cut that serves; None where that was done already.

    Raises `ChangedMeanwhile` where people kept answering at the same moment, several times over.
    """
    for _try in range(TRIES - 1):
        try:
            return _reconcile_once(engine, cut, look_up, now=now)
        except ChangedMeanwhile:
            continue
    return _reconcile_once(engine, cut, look_up, now=now)


def _reconcile_once(engine: Engine, cut: Cut, look_up: LookUp, *, now: datetime) -> Outcome | None:
    with writing(engine, "the queries of this study") as session:
        lock_queries(session, cut.study_id)
        last = last_reconciliation(session, cut.study_id)
        if last is not None and last.snapshot_id == cut.snapshot_id:
            return None
        is_earlier = last is not None and cut.cut_off < last.cut_off
        heads = _heads(session, cut.study_id)
        facts = look_up([_tracked(row) for row, _event in heads])
        steps: dict[Step, int] = {}
        for row, before in heads:
            event = _event(row, before, facts[row.id], cut=cut, is_earlier=is_earlier)
            if event is not None:
                event.at = now
                session.add(event)
                steps[Step(event.kind)] = steps.get(Step(event.kind), 0) + 1
        _record(session, cut, last, n_queries=len(heads), steps=steps, now=now)
        return Outcome(len(heads), steps)


def _heads(session: Session, study_id: str) -> list[tuple[DataQuery, QueryEvent]]:
    """Every query of the study with its last event."""
    newest = (
        select(QueryEvent.query_id, func.max(QueryEvent.version).label("version"))
        .group_by(QueryEvent.query_id)
        .subquery()
    )
    wanted = (
        select(DataQuery, QueryEvent)
        .join(newest, newest.c.query_id == DataQuery.id)
        .join(QueryEvent, (QueryEvent.query_id == DataQuery.id) & (QueryEvent.version == newest.c.version))
        .where(DataQuery.study_id == study_id)
        .order_by(DataQuery.id)
    )
    return [(row, event) for row, event in session.execute(wanted)]


def _tracked(row: DataQuery) -> Tracked:
    return Tracked(
        query_id=row.id,
        check_id=row.check_id,
        table_name=row.table_name,
        row_key=row.row_key,
        column_name=row.column_name,
        patient_id=row.patient_id,
        is_systematic=row.is_systematic,
        row_values=row.row_values,
    )


def judge(fact: Fact, *, is_of_check: bool, before: Finding, check_version: str | None) -> Finding:
    """What the data say now. `check_version` is the definition of the check that found the issue last.

    Gone only where the check ran unchanged and could see the row; what was gone already stays gone when the
    check changes later.
    """
    if fact.is_found:
        return Finding.PRESENT
    if fact.row == "absent":
        return Finding.ROW_VANISHED
    if before is Finding.GONE:
        return Finding.GONE
    if is_of_check and (fact.check_version is None or fact.check_version != check_version):
        return Finding.NOT_RECHECKED
    return Finding.NOT_RECHECKED if fact.row == "excluded" else Finding.GONE


def step_of(finding: Finding, *, before: Finding, state: State) -> tuple[Step, State]:
    """The step a changed finding means, and the state after it."""
    if finding is Finding.PRESENT:
        return Step.RETURNED, State.REOPENED if state in REOPENED_BY_RETURN else state
    if finding is Finding.ROW_VANISHED:
        return Step.ROW_VANISHED, state
    if finding is Finding.NOT_RECHECKED:
        return Step.NOT_RECHECKED, state
    if state in WAITING:
        return Step.ANSWERED_BY_DATA, State.ANSWERED
    return Step.ISSUE_GONE, state


def _event(row: DataQuery, last: QueryEvent, fact: Fact, *, cut: Cut, is_earlier: bool) -> QueryEvent | None:
    """The event that this data cut adds to a query; None where nothing changed."""
    before, state = Finding(last.finding), State(last.state)
    finding = judge(
        fact, is_of_check=row.check_id is not None, before=before, check_version=last.check_version
    )
    site_id = fact.site_id or last.site_id
    version = fact.check_version if finding is Finding.PRESENT else last.check_version
    if finding is not before:
        step, state = step_of(finding, before=before, state=state)
    elif version != last.check_version:
        step = Step.FOUND_AGAIN
    elif site_id != last.site_id:
        step = Step.MOVED
    else:
        return None
    event = next_event(last, step, state=state, cut=cut)
    event.finding, event.site_id, event.check_version = finding.value, site_id, version
    event.detail = _detail(fact, is_earlier=is_earlier)
    return event


def _detail(fact: Fact, *, is_earlier: bool) -> dict[str, Any]:
    """What changed in the row since somebody asked, and whether an earlier data cut came back."""
    detail: dict[str, Any] = {}
    if fact.changes:
        detail["changes"] = {name: list(pair) for name, pair in fact.changes.items()}
    if is_earlier:
        detail["is_earlier_cut"] = True
    return detail


def _record(
    session: Session,
    cut: Cut,
    last: QueryReconciliation | None,
    *,
    n_queries: int,
    steps: Mapping[Step, int],
    now: datetime,
) -> None:
    """Keep that the comparison was made; the audit trail has it where it changed a query."""
    n_changed = sum(steps.values())
    session.add(
        QueryReconciliation(
            study_id=cut.study_id,
            serial=FIRST_VERSION if last is None else last.serial + 1,
            snapshot_id=cut.snapshot_id,
            cut_off=cut.cut_off,
            n_queries=n_queries,
            n_changed=n_changed,
            at=now,
        )
    )
    if not n_changed:
        return
    detail = {"n_queries": n_queries, "steps": {step.value: n for step, n in steps.items()}}
    event = Event(kind=AuditKind.QUERY, study_id=cut.study_id, snapshot_id=cut.snapshot_id, detail=detail)
    session.add(audit_row(event, now=now))
