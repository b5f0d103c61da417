"""What a new data cut answers: every query of a study is compared with the data that serve.

Once per publish or roll-back, in one transaction; comparing with the same data cut again changes nothing. The
workflow database knows no study data, so the caller passes a function that looks up what the data say.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from dashboard.errors import ChangedMeanwhile
from dashboard.workflow.audit import Event, audit_row
from dashboard.workflow.history import FIRST_VERSION, writing
from dashboard.workflow.models import AuditKind, DataQuery, QueryEvent, QueryReconciliation
from dashboard.workflow.query_events import Cut, last_reconciliation, lock_queries
from dashboard.workflow.query_outcome import Fact, Serving, event_of
from dashboard.workflow.query_states import Step

TRIES = 5


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
        serving = _serving(session, cut, last)
        found = _histories(session, cut.study_id)
        facts = look_up([_tracked(row) for row, _history in found])
        steps: dict[Step, int] = {}
        for row, history in found:
            event = event_of(history, facts[row.id], is_of_check=row.check_id is not None, serving=serving)
            if event is not None:
                event.at = now
                session.add(event)
                steps[Step(event.kind)] = steps.get(Step(event.kind), 0) + 1
        _record(session, cut, last, n_queries=len(found), steps=steps, now=now)
        return Outcome(len(found), steps)


def _serving(session: Session, cut: Cut, last: QueryReconciliation | None) -> Serving:
    """The data cut, whether it serves instead of a later one, and whether it served before."""
    wanted = select(QueryReconciliation.id).where(
        QueryReconciliation.study_id == cut.study_id, QueryReconciliation.snapshot_id == cut.snapshot_id
    )
    is_known = session.scalar(wanted.limit(1)) is not None
    if last is None:
        return Serving(cut)
    is_earlier = cut.cut_off < last.cut_off or (is_known and cut.cut_off == last.cut_off)
    return Serving(cut, is_earlier=is_earlier, is_again=is_earlier or is_known)


def _histories(session: Session, study_id: str) -> list[tuple[DataQuery, list[QueryEvent]]]:
    """Every query of the study with its events, oldest first."""
    wanted = (
        select(DataQuery, QueryEvent)
        .join(QueryEvent, QueryEvent.query_id == DataQuery.id)
        .where(DataQuery.study_id == study_id)
        .order_by(DataQuery.id, QueryEvent.version)
    )
    rows: dict[int, tuple[DataQuery, list[QueryEvent]]] = {}
    for row, event in session.execute(wanted):
        rows.setdefault(row.id, (row, []))[1].append(event)
    return list(rows.values())


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
