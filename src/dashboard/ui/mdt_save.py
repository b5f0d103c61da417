"""What the buttons of the MDT page do. They run before the page is drawn anew, on what the reader had seen.

So an entry that somebody else changed meanwhile is noticed, and what was typed stays in the form.
"""

from collections.abc import Callable

from dashboard.access.roles import Permission, may
from dashboard.errors import ChangedMeanwhile, EntryIncomplete, NoSuchEntry, PatientNotConfirmed
from dashboard.ui import installation, state
from dashboard.ui.context import current_user
from dashboard.workflow import actions, decisions, meetings
from dashboard.workflow.actions import Course, NewStatement
from dashboard.workflow.decisions import DecisionDraft
from dashboard.workflow.entries import ActionOutcome
from dashboard.workflow.history import Author
from dashboard.workflow.meetings import Case, Meeting
from dashboard.workflow.reviews import PatientCut

PLAN = "mdt.plan"
ADD = "mdt.add"


def decision_form(case_id: int) -> str:
    """Name of the form that saves the decision on a case."""
    return f"mdt.decision.{case_id}"


def action_form(course: Course, *, place: str) -> str:
    """Name of the form that says what became of an action; the page may have two of one action."""
    return f"mdt.action.{place}.{course.case.case_id}"


def case_form(case_id: int) -> str:
    """Name of the form that changes order and question of a case."""
    return f"mdt.case.{case_id}"


def meeting_form(meeting: Meeting) -> str:
    """Name of the form that moves or renames a meeting."""
    return f"mdt.meeting.{meeting.meeting_id}"


def plan_meeting(study_id: str) -> None:
    """Plan the meeting entered."""
    held_on = state.entered(PLAN, "held_on")
    title = state.entered(PLAN, "title") or ""

    def write(author: Author) -> None:
        if held_on is None:
            raise EntryIncomplete("The date of the meeting is missing. Nothing was saved.")
        meeting_id = meetings.plan_meeting(
            installation.workflow(), study_id, held_on=held_on, title=title, author=author
        )
        state.choose_meeting(study_id, meeting_id)

    _save(study_id, PLAN, write, done="The meeting is planned.")


def change_meeting(meeting: Meeting) -> None:
    """Move or rename a meeting as entered."""
    form = meeting_form(meeting)
    held_on = state.entered(form, "held_on") or meeting.held_on
    title = state.entered(form, "title") or ""
    _save(
        meeting.study_id,
        form,
        lambda author: meetings.change_meeting(
            installation.workflow(), meeting, held_on=held_on, title=title, author=author
        ),
        done="The meeting is changed.",
    )


def add_case(meeting: Meeting, snapshot_id: str) -> None:
    """Put the chosen patient on the agenda."""
    patient_id = state.entered(ADD, "patient") or ""
    question = state.entered(ADD, "question") or ""
    patient = PatientCut(study_id=meeting.study_id, patient_id=patient_id, snapshot_id=snapshot_id)
    _save(
        meeting.study_id,
        ADD,
        lambda author: meetings.add_case(
            installation.workflow(), meeting.meeting_id, patient, question=question, author=author
        ),
        done=f"{patient_id} is on the agenda.",
    )


def change_case(case: Case, agenda: list[Case]) -> None:
    """Give a case the place and the question entered."""
    form = case_form(case.case_id)
    place = int(state.entered(form, "place") or case.agenda_order)
    question = state.entered(form, "question") or ""

    def write(author: Author) -> None:
        engine = installation.workflow()
        meetings.change_question(engine, case, question, author=author)
        found = {now.case_id: now for now in meetings.agenda_of(engine, case.meeting_id)}
        # The case itself has just changed; the others must be as they were seen.
        seen = [found[case.case_id] if other.case_id == case.case_id else other for other in agenda]
        meetings.move_case(engine, seen, case.case_id, to=place, author=author)

    _save(case.study_id, form, write, done="The case is changed.")


def take_off(case: Case) -> None:
    """Take a patient off the agenda."""
    _save(
        case.study_id,
        case_form(case.case_id),
        lambda author: meetings.take_off_agenda(installation.workflow(), case, author=author),
        done=f"{case.patient_id} is off the agenda.",
    )


def use_snapshot(case: Case, snapshot_id: str) -> None:
    """Prepare a case on the data cut shown."""
    _save(
        case.study_id,
        case_form(case.case_id),
        lambda author: meetings.use_snapshot(installation.workflow(), case, snapshot_id, author=author),
        done="The case is prepared on this data cut.",
    )


def save_decision(case: Case, version: int, snapshot_id: str) -> None:
    """Save the decision entered, after the version that was seen."""
    form = decision_form(case.case_id)
    draft = DecisionDraft(
        text=state.entered(form, "text") or "",
        next_action=state.entered(form, "next_action") or "",
        owner=state.entered(form, "owner") or "",
        due_on=state.entered(form, "due_on"),
        retyped=state.entered(form, "retyped") or "",
        snapshot_id=snapshot_id,
    )
    _save(
        case.study_id,
        form,
        lambda author: decisions.save_decision(
            installation.workflow(), case.case_id, draft, version=version, author=author
        ),
        done=f"The decision on {case.patient_id} is saved.",
    )


def state_outcome(course: Course, place: str) -> None:
    """Save what became of an action, after the statement that was seen."""
    form = action_form(course, place=place)
    outcome = state.entered(form, "outcome")
    why_not = state.entered(form, "why_not") or ""
    decision = course.decision

    def write(author: Author) -> None:
        if decision is None or outcome is None:
            raise EntryIncomplete("Choose what became of the action. Nothing was saved.")
        seen = [said.version for said in course.statements if said.decision_id == decision.decision_id]
        said = NewStatement(outcome=ActionOutcome(outcome), version=max(seen, default=0), why_not=why_not)
        actions.state_outcome(installation.workflow(), decision.decision_id, said, author=author)

    _save(course.case.study_id, form, write, done=f"The action for {course.case.patient_id} is updated.")


def _save(study_id: str, form: str, write: Callable[[Author], object], *, done: str) -> None:
    """Write if the session still holds, and keep for the page what is to be said about it."""
    signed_in = current_user()
    if signed_in is None or study_id not in signed_in.user.study_ids:
        return
    if not may(signed_in.user.role, Permission.PATIENT):
        return
    author = Author(
        user_id=signed_in.user.user_id, session_id=signed_in.session_id, at=installation.utc_now()
    )
    try:
        write(author)
    except (ChangedMeanwhile, EntryIncomplete, NoSuchEntry, PatientNotConfirmed) as problem:
        state.say_next(str(problem), is_problem=True)
    else:
        state.next_form_round(form)
        state.say_next(done, is_problem=False)
