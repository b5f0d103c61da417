"""Words and rows of the MDT page."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime

import pandas as pd

from dashboard.tables.formats import NOTHING, format_date
from dashboard.tables.header_strip import Cell
from dashboard.workflow.actions import Course, Statement
from dashboard.workflow.decisions import Decision
from dashboard.workflow.entries import ActionOutcome
from dashboard.workflow.history import Change
from dashboard.workflow.meetings import Meeting

OUTCOMES = {
    ActionOutcome.CARRIED_OUT: "Carried out",
    ActionOutcome.NOT_YET: "Not yet",
    ActionOutcome.DROPPED: "No longer planned",
}
NOT_STATED = "Not stated yet"
LINE_TITLES = ("Current line", "Last line")
DATED_TITLES = ("ECOG", "Last scan", "Last ctDNA")
PENDING = ", pending"
COLUMNS = ("No.", "Patient", "Question", "Decision", "Next action", "Owner", "Due", "Carried out")


def meeting_name(meeting: Meeting) -> str:
    """Date and title of a meeting."""
    return f"{format_date(meeting.held_on)} · {meeting.title}"


def header_line(cells: Sequence[Cell]) -> str:
    """The header strip of a patient in one line: the diagnosis, then each title with its value.

    Of the line of therapy also the regimen, since when, and why it began; of a result its date and age, and
    what is pending.
    """
    return " · ".join([cells[0].value, *(_cell_words(cell) for cell in cells[1:])])


def _cell_words(cell: Cell) -> str:
    said = [line.text for line in cell.lines]
    if cell.title in DATED_TITLES:
        said = [*said[:1], *(text for text in said[1:] if text.endswith(PENDING))]
    elif cell.title not in LINE_TITLES:
        said = []
    return f"{cell.title}: {', '.join([cell.value, *said])}"


def agenda_table(courses: Iterable[Course], *, visible: Container[str]) -> pd.DataFrame:
    """One row per case of a meeting whose patient may be seen, in the order of its agenda."""
    rows = [
        _agenda_row(place, course)
        for place, course in enumerate(courses, start=1)
        if course.case.patient_id in visible
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _agenda_row(place: int, course: Course) -> tuple[int | str, ...]:
    decision = course.decision
    case = (place, course.case.patient_id, course.case.question or NOTHING)
    if decision is None:
        return (*case, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
    due = format_date(decision.due_on)
    action = (decision.next_action or NOTHING, decision.owner or NOTHING, due, outcome_words(course))
    return (*case, decision.text, *action)


def outcome_words(course: Course) -> str:
    """What became of the action of a case; a dash where there is no action."""
    if not course.has_action:
        return NOTHING
    said = course.statement
    if said is None:
        return NOT_STATED
    return f"{OUTCOMES[said.outcome]}: {said.why_not}" if said.why_not else OUTCOMES[said.outcome]


def action_line(course: Course) -> str:
    """Owner and due date of an open action, and the meeting that decided it."""
    decision = course.decision
    if decision is None:
        return ""
    due = f"due {format_date(decision.due_on)}" if decision.due_on else "no due date"
    return f"{decision.owner} · {due} · decided {format_date(course.meeting.held_on)}"


def moment(at: datetime) -> str:
    """Date and time in UTC."""
    return f"{format_date(at.date())}, {at:%H:%M} UTC"


def history_lines(course: Course, changes: Sequence[Change] = ()) -> list[str]:
    """Everything saved on a case, newest first: decision versions, words on the action, earlier questions."""
    said = [(entry.saved_at, 0, decision_words(entry)) for entry in course.decisions]
    said += [(entry.stated_at, 1, _statement_words(entry)) for entry in course.statements]
    said += [
        (change.changed_at, 2, _change_words(change)) for change in changes if "question" in change.before
    ]
    return [text for _at, _kind, text in sorted(said, reverse=True)]


def _change_words(change: Change) -> str:
    before = change.before["question"] or "no question"
    return f"{moment(change.changed_at)} · {change.changed_by} · changed the question, which was: {before}"


def decision_words(decision: Decision) -> str:
    """One version of a decision in one sentence."""
    parts = [
        f"{moment(decision.saved_at)} · {decision.saved_by} · version {decision.version}: {decision.text}"
    ]
    if decision.next_action:
        parts.append(f"Next action: {decision.next_action}, {decision.owner}")
    if decision.due_on:
        parts.append(f"due {format_date(decision.due_on)}")
    return " · ".join(parts)


def _statement_words(said: Statement) -> str:
    why = f" ({said.why_not})" if said.why_not else ""
    return f"{moment(said.stated_at)} · {said.stated_by} · action: {OUTCOMES[said.outcome]}{why}"
