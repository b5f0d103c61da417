"""What became of the next actions of MDT decisions: carried out, not yet, or dropped, and why not.

An action is open until it is carried out or dropped with a reason; open actions of earlier meetings open the
next one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from dashboard.errors import ChangedMeanwhile, NoSuchEntry
from dashboard.workflow.decisions import Decision, as_decision, decision_rows, record_decision
from dashboard.workflow.entries import ActionOutcome, MdtActionOutcome, MdtCase, MdtDecision, MdtMeeting
from dashboard.workflow.history import Author, limited, required, writing
from dashboard.workflow.meetings import Case, Meeting, as_case, as_meeting
from dashboard.workflow.models import UserAccount


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What somebody stated about the next action of a decision."""

    decision_id: int
    version: int
    outcome: ActionOutcome
    why_not: str
    stated_by: str
    stated_at: datetime


@dataclass(frozen=True)
class Course:
    """A case with every version of its decision and every statement on its action, newest first."""

    meeting: Meeting
    case: Case
    decisions: tuple[Decision, ...] = ()
    statements: tuple[Statement, ...] = ()

    @property
    def decision(self) -> Decision | None:
        """The decision that counts; None before the first."""
        return self.decisions[0] if self.decisions else None

    @property
    def has_action(self) -> bool:
        """Whether the decision that counts names a next action."""
        return bool(self.decision and self.decision.next_action)

    @property
    def statement(self) -> Statement | None:
        """What was stated last about the action of the decision that counts.

        A statement made on an earlier version with the same action counts too: correcting the text of a
        decision does not open its action again.
        """
        if self.decision is None or not self.has_action:
            return None
        same = {
            entry.decision_id for entry in self.decisions if entry.next_action == self.decision.next_action
        }
        return next((said for said in self.statements if said.decision_id in same), None)

    @property
    def is_open(self) -> bool:
        """Whether there is an action that was neither carried out nor dropped."""
        said = self.statement
        return self.has_action and (said is None or said.outcome is ActionOutcome.NOT_YET)

    def is_overdue(self, day: date) -> bool:
        """Whether an open action was due before `day`; one without a date never is."""
        due_on = self.decision.due_on if self.decision else None
        return self.is_open and due_on is not None and due_on < day


@dataclass(frozen=True, kw_only=True)
class NewStatement:
    """What somebody enters about an action, on top of `version` earlier statements (0 = the first)."""

    outcome: ActionOutcome
    version: int
    why_not: str = ""


def state_outcome(engine: Engine, decision_id: int, said: NewStatement, *, author: Author) -> None:
    """State whether the next action was carried out; earlier statements stay in the history.

    Raises `EntryIncomplete` when it was not and no reason is given, `ChangedMeanwhile` when somebody else
    stated something in between.
    """
    reason = limited(said.why_not, "the reason")
    if said.outcome is not ActionOutcome.CARRIED_OUT:
        reason = required(reason, "the reason why it was not carried out")
    with writing(engine, "the action") as session:
        decision = session.get(MdtDecision, decision_id)
        if decision is None or not decision.next_action:
            raise NoSuchEntry(f"decision {decision_id} has no next action")
        _require_version(session, decision_id, said.version)
        row = MdtActionOutcome(
            decision_id=decision_id,
            version=said.version + 1,
            outcome=said.outcome.value,
            why_not=reason,
            user_id=author.user_id,
            at=author.at,
        )
        session.add(row)
        case = session.get_one(MdtCase, decision.case_id)
        cut = decision.snapshot_id
        record_decision(session, case, author=author, snapshot_id=cut, action_outcome=said.outcome.value)


def _require_version(session: Session, decision_id: int, version: int) -> None:
    wanted = select(func.max(MdtActionOutcome.version)).where(MdtActionOutcome.decision_id == decision_id)
    latest = session.scalar(wanted) or 0
    if latest != version:
        raise ChangedMeanwhile(
            "Somebody else stated what became of this action while you wrote; nothing was saved. "
            "Read theirs and save again."
        )


def courses_of(
    engine: Engine, study_id: str, *, meeting_id: int | None = None, patient_id: str | None = None
) -> list[Course]:
    """One course per case of the study, of one meeting or one patient, in the order of meeting and agenda.

    A case taken off the agenda is left out, unless a decision was saved on it at the same moment.
    """
    wanted = (
        select(MdtMeeting, MdtCase)
        .join(MdtCase, MdtCase.meeting_id == MdtMeeting.id)
        .where(MdtMeeting.study_id == study_id, ~MdtMeeting.is_withdrawn)
        .where(~MdtCase.is_withdrawn | MdtCase.id.in_(select(MdtDecision.case_id)))
        .order_by(MdtMeeting.held_on, MdtMeeting.id, MdtCase.agenda_order, MdtCase.id)
    )
    if meeting_id is not None:
        wanted = wanted.where(MdtMeeting.id == meeting_id)
    if patient_id is not None:
        wanted = wanted.where(MdtCase.patient_id == patient_id)
    with Session(engine) as session:
        cases = [(as_meeting(meeting), as_case(case)) for meeting, case in session.execute(wanted)]
        case_ids = [case.case_id for _meeting, case in cases]
        decisions = _decisions_by_case(session, case_ids)
        statements = _statements_by_case(session, case_ids)
    return [
        Course(meeting, case, tuple(decisions[case.case_id]), tuple(statements[case.case_id]))
        for meeting, case in cases
    ]


def _decisions_by_case(session: Session, case_ids: Sequence[int]) -> dict[int, list[Decision]]:
    found: dict[int, list[Decision]] = defaultdict(list)
    for row, name in session.execute(decision_rows().where(MdtDecision.case_id.in_(case_ids))):
        found[row.case_id].append(as_decision(row, name))
    return found


def _statements_by_case(session: Session, case_ids: Sequence[int]) -> dict[int, list[Statement]]:
    wanted = (
        select(MdtActionOutcome, MdtDecision.case_id, UserAccount.display_name)
        .join(MdtDecision, MdtDecision.id == MdtActionOutcome.decision_id)
        .join(UserAccount, UserAccount.id == MdtActionOutcome.user_id)
        .where(MdtDecision.case_id.in_(case_ids))
        .order_by(MdtActionOutcome.id.desc())
    )
    found: dict[int, list[Statement]] = defaultdict(list)
    for row, case_id, name in session.execute(wanted):
        found[case_id].append(_as_statement(row, name))
    return found


def _as_statement(row: MdtActionOutcome, name: str) -> Statement:
    return Statement(
        decision_id=row.decision_id,
        version=row.version,
        outcome=ActionOutcome(row.outcome),
        why_not=row.why_not,
        stated_by=name,
        stated_at=row.at,
    )


def open_actions(engine: Engine, study_id: str, *, before: Meeting | None = None) -> list[Course]:
    """The cases with an open action, of the meetings before one or of all; earliest due first."""
    found = [
        course
        for course in courses_of(engine, study_id)
        if course.is_open and (before is None or _place(course.meeting) < _place(before))
    ]
    return sorted(found, key=_urgency)


def coming_courses(courses: Sequence[Course], *, today: date) -> list[Course]:
    """Of the courses of one patient those of meetings not held before today, the next first."""
    return [course for course in courses if course.meeting.held_on >= today]


def decided_courses(courses: Sequence[Course]) -> list[Course]:
    """Of the courses of one patient those with a decision, that of the last meeting first."""
    return [course for course in reversed(courses) if course.decision is not None]


def _place(meeting: Meeting) -> tuple[date, int]:
    return meeting.held_on, meeting.meeting_id


def _urgency(course: Course) -> tuple[date, date, int]:
    due_on = course.decision.due_on if course.decision else None
    return due_on or date.max, course.meeting.held_on, course.case.case_id
