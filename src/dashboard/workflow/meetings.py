"""MDT meetings and their agenda. Decisions on the cases are in `decisions`."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from dashboard.errors import EntryIncomplete
from dashboard.workflow.entries import MdtCase, MdtDecision, MdtMeeting
from dashboard.workflow.history import (
    Author,
    change_row,
    find_row,
    limited,
    required,
    writing,
)
from dashboard.workflow.reviews import PatientCut

TITLE_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A meeting as it stands now."""

    meeting_id: int
    version: int
    study_id: str
    held_on: date
    title: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """A patient on the agenda as it stands now; `snapshot_id` is the data cut the case was prepared on."""

    case_id: int
    version: int
    meeting_id: int
    study_id: str
    patient_id: str
    snapshot_id: str
    agenda_order: int
    question: str


def plan_meeting(engine: Engine, study_id: str, *, held_on: date, title: str, author: Author) -> int:
    """Plan a meeting; gives its id. Raises `EntryIncomplete` without a title."""
    row = MdtMeeting(
        study_id=study_id,
        held_on=held_on,
        title=required(title, "the title", longest=TITLE_LENGTH),
        **author.first_version(),
    )
    with writing(engine, "the meeting") as session:
        session.add(row)
        session.flush()
        return row.id


def change_meeting(engine: Engine, meeting: Meeting, *, held_on: date, title: str, author: Author) -> None:
    """Move or rename a meeting. Raises `ChangedMeanwhile` when it is not as `meeting` shows it any more."""
    values = {"held_on": held_on, "title": required(title, "the title", longest=TITLE_LENGTH)}
    with writing(engine, "the meeting") as session:
        row = find_row(session, MdtMeeting, meeting.meeting_id)
        change_row(session, row, values, version=meeting.version, author=author)


def list_meetings(engine: Engine, study_id: str) -> list[Meeting]:
    """The meetings of a study, latest date first."""
    wanted = (
        select(MdtMeeting)
        .where(MdtMeeting.study_id == study_id, ~MdtMeeting.is_withdrawn)
        .order_by(MdtMeeting.held_on.desc(), MdtMeeting.id.desc())
    )
    with Session(engine) as session:
        return [as_meeting(row) for row in session.scalars(wanted)]


def add_case(engine: Engine, meeting_id: int, patient: PatientCut, *, question: str, author: Author) -> int:
    """Put a patient at the end of the agenda; gives the case's id. One taken off earlier comes back.

    Raises `EntryIncomplete` when the patient is on the agenda already or belongs to another study.
    """
    values: dict[str, Any] = {
        "snapshot_id": patient.snapshot_id,
        "question": limited(question, "the question"),
    }
    with writing(engine, "the agenda") as session:
        meeting = find_row(session, MdtMeeting, meeting_id)
        if meeting.study_id != patient.study_id:
            raise EntryIncomplete(f"The meeting is one of study {meeting.study_id}; nothing was saved.")
        values["agenda_order"] = _next_place(session, meeting_id)
        same = MdtCase.meeting_id == meeting_id, MdtCase.patient_id == patient.patient_id
        row = session.scalar(select(MdtCase).where(*same))
        if row is not None:
            _bring_back(session, row, values, author=author)
            return row.id
        who = {"study_id": patient.study_id, "patient_id": patient.patient_id}
        row = MdtCase(meeting_id=meeting_id, **who, **values, **author.first_version())
        session.add(row)
        session.flush()
        return row.id


def _next_place(session: Session, meeting_id: int) -> int:
    wanted = select(func.max(MdtCase.agenda_order))
    last = session.scalar(wanted.where(MdtCase.meeting_id == meeting_id, ~MdtCase.is_withdrawn))
    return (last or 0) + 1


def _bring_back(session: Session, row: MdtCase, values: dict[str, Any], *, author: Author) -> None:
    if not row.is_withdrawn:
        raise EntryIncomplete(f"{row.patient_id} is on the agenda already; nothing was saved.")
    change_row(session, row, {"is_withdrawn": False, **values}, version=row.version, author=author)


def change_question(engine: Engine, case: Case, question: str, *, author: Author) -> None:
    """Put a new question in the old one's place. Raises `ChangedMeanwhile`."""
    _change_case(engine, case, {"question": limited(question, "the question")}, author=author)


def use_snapshot(engine: Engine, case: Case, snapshot_id: str, *, author: Author) -> None:
    """Prepare the case on another data cut. Raises `ChangedMeanwhile`."""
    _change_case(engine, case, {"snapshot_id": snapshot_id}, author=author)


def take_off_agenda(engine: Engine, case: Case, *, author: Author) -> None:
    """Take the patient off the agenda.

    Raises `EntryIncomplete` when a decision was saved (it would no longer be seen), `ChangedMeanwhile`.
    """
    with Session(engine) as session:
        if session.scalar(select(MdtDecision.id).where(MdtDecision.case_id == case.case_id).limit(1)):
            raise EntryIncomplete("A decision was saved on this case, so it stays on the agenda")
    _change_case(engine, case, {"is_withdrawn": True}, author=author)


def _change_case(engine: Engine, case: Case, values: dict[str, Any], *, author: Author) -> None:
    with writing(engine, "the case") as session:
        row = find_row(session, MdtCase, case.case_id)
        change_row(session, row, values, version=case.version, author=author)


def move_case(engine: Engine, agenda: list[Case], case_id: int, *, to: int, author: Author) -> None:
    """Give a case the place `to` (1 = first) on the agenda as it was seen, and number the others anew.

    Raises `ChangedMeanwhile` when one of the cases whose place changes was changed by somebody else.
    """
    rest = [case for case in agenda if case.case_id != case_id]
    moved = [case for case in agenda if case.case_id == case_id]
    order = [*rest[: to - 1], *moved, *rest[to - 1 :]]
    places = {case.case_id: place for place, case in enumerate(order, start=1)}
    with writing(engine, "the agenda") as session:
        # Always in the order of their ids: two who reorder at once then do not wait for one another.
        for case in sorted(agenda, key=lambda case: case.case_id):
            row = find_row(session, MdtCase, case.case_id)
            values = {"agenda_order": places[case.case_id]}
            change_row(session, row, values, version=case.version, author=author)
            session.flush()


def agenda_of(engine: Engine, meeting_id: int) -> list[Case]:
    """The cases of a meeting in the order of its agenda."""
    wanted = (
        select(MdtCase)
        .where(MdtCase.meeting_id == meeting_id, ~MdtCase.is_withdrawn)
        .order_by(MdtCase.agenda_order, MdtCase.id)
    )
    with Session(engine) as session:
        return [as_case(row) for row in session.scalars(wanted)]


def as_case(row: MdtCase) -> Case:
    """The row as the rest of the program sees it."""
    return Case(
        case_id=row.id,
        version=row.version,
        meeting_id=row.meeting_id,
        study_id=row.study_id,
        patient_id=row.patient_id,
        snapshot_id=row.snapshot_id,
        agenda_order=row.agenda_order,
        question=row.question,
    )


def as_meeting(row: MdtMeeting) -> Meeting:
    """The row as the rest of the program sees it."""
    return Meeting(
        meeting_id=row.id,
        version=row.version,
        study_id=row.study_id,
        held_on=row.held_on,
        title=row.title,
    )
