"""Reading queries with their whole history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from dashboard.workflow.models import DataQuery, QueryEvent, UserAccount
from dashboard.workflow.query_addressee import Addressee, addressee_of
from dashboard.workflow.query_events import Scope
from dashboard.workflow.query_states import (
    TAKING_PART,
    Finding,
    State,
    Step,
    is_patient_vanished,
    no_longer_applies,
)


@dataclass(frozen=True, kw_only=True)
class StepTaken:
    """One step in the life of a query; `by` is None where a new data cut took it."""

    version: int
    step: Step
    state: State
    finding: Finding
    comment: str
    detail: Mapping[str, Any]
    snapshot_id: str
    cut_off: date
    by: str | None
    role: str | None
    user_id: int | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Query:
    """A query as it stands, with every step that led there, oldest first."""

    query_id: int
    check_id: str | None
    issue_hash: str | None
    severity: str
    issue_group: str
    is_systematic: bool
    table_name: str
    row_key: str
    column_name: str
    patient_id: str | None
    site_id: str | None
    source_file: str | None
    source_row: int | None
    row_values: Mapping[str, str | None] | None
    title: str
    found: str
    steps: tuple[StepTaken, ...]

    @property
    def last(self) -> StepTaken:
        """The step that counts."""
        return self.steps[-1]

    @property
    def is_of_withdrawn(self) -> bool:
        """Whether it no longer applies because the patient withdrew consent."""
        return no_longer_applies([one.step for one in self.steps])

    @property
    def asked_of(self) -> Addressee:
        """Who is to answer it."""
        return addressee_of([one.detail for one in self.steps], is_systematic=self.is_systematic)

    @property
    def is_patient_vanished(self) -> bool:
        """Whether its row is missing because the whole patient is."""
        is_missing = self.last.finding is Finding.ROW_VANISHED
        return is_missing and is_patient_vanished([one.step for one in self.standing])

    @property
    def standing(self) -> tuple[StepTaken, ...]:
        """The steps without those of data cuts that a roll-back undid, oldest first."""
        undone = {
            version
            for again in self.steps
            if again.step is Step.SERVED_AGAIN
            for version in range(again.detail.get("as_of_version", again.version) + 1, again.version)
        }
        return tuple(one for one in self.steps if one.user_id is not None or one.version not in undone)

    @property
    def taking_part(self) -> frozenset[int | None]:
        """Who raised or answered it."""
        return frozenset(one.user_id for one in self.steps if one.step in TAKING_PART)


def read_queries(engine: Engine, scope: Scope, *, patient_id: str | None = None) -> list[Query]:
    """The queries of the scope, newest first; of one patient if asked."""
    wanted = (
        select(DataQuery, QueryEvent, UserAccount.display_name, UserAccount.role)
        .join(QueryEvent, QueryEvent.query_id == DataQuery.id)
        .outerjoin(UserAccount, UserAccount.id == QueryEvent.user_id)
        .where(DataQuery.study_id == scope.study_id)
        .order_by(DataQuery.id.desc(), QueryEvent.version)
    )
    if patient_id is not None:
        wanted = wanted.where(DataQuery.patient_id == patient_id)
    rows: dict[int, DataQuery] = {}
    steps: dict[int, list[StepTaken]] = {}
    sites: dict[int, str | None] = {}
    with Session(engine) as session:
        for row, event, name, role in session.execute(wanted):
            rows[row.id] = row
            sites[row.id] = event.site_id
            steps.setdefault(row.id, []).append(_step(event, name, role))
    return [
        _query(row, site_id=sites[query_id], steps=tuple(steps[query_id]))
        for query_id, row in rows.items()
        if scope.covers(sites[query_id], row.patient_id)
    ]


def asked_hashes(engine: Engine, study_id: str) -> set[str]:
    """Identities of the data issues that somebody asked about or dismissed, at whatever site."""
    wanted = select(DataQuery.issue_hash).where(
        DataQuery.study_id == study_id, DataQuery.issue_hash.is_not(None)
    )
    with Session(engine) as session:
        return {str(found) for found in session.scalars(wanted)}


def _step(event: QueryEvent, name: str | None, role: str | None) -> StepTaken:
    return StepTaken(
        version=event.version,
        step=Step(event.kind),
        state=State(event.state),
        finding=Finding(event.finding),
        comment=event.comment,
        detail=event.detail,
        snapshot_id=event.snapshot_id,
        cut_off=event.cut_off,
        by=name,
        role=role,
        user_id=event.user_id,
        at=event.at,
    )


def _query(row: DataQuery, *, site_id: str | None, steps: tuple[StepTaken, ...]) -> Query:
    return Query(
        query_id=row.id,
        check_id=row.check_id,
        issue_hash=row.issue_hash,
        severity=row.severity,
        issue_group=row.issue_group,
        is_systematic=row.is_systematic,
        table_name=row.table_name,
        row_key=row.row_key,
        column_name=row.column_name,
        patient_id=row.patient_id,
        site_id=site_id,
        source_file=row.source_file,
        source_row=row.source_row,
        row_values=row.row_values,
        title=row.title,
        found=row.found,
        steps=steps,
    )
