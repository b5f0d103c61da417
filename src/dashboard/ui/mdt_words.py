"""Words and rows of the MDT page."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from dashboard.figures.patient.header import PatientHeader
from dashboard.report.mdt import RecordedDecision
from dashboard.studies import vocabulary
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
CARRIED_OUT = {
    ActionOutcome.CARRIED_OUT: "yes",
    ActionOutcome.NOT_YET: "not yet",
    ActionOutcome.DROPPED: "no, no longer planned",
}
LINE_TITLES = ("Current line", "Last line")
CTDNA_TITLE = "Last ctDNA"
DATED_TITLES = ("ECOG", CTDNA_TITLE)
# Said with all that stands below it: its day may be the third line.
WHOLE_TITLES = (*LINE_TITLES, "Last scan")
# Where the words of the vocabulary would repeat the result before them, or be read as the result.
STATES_IN_LINE = {
    "NEVER_DETECTED_ON_TX": "no pre-treatment sample",
    "CLEARED_UNCONFIRMED": "cleared (unconfirmed)",
    "CLEARED_SUSTAINED": "cleared (sustained)",
    "NOT_EVALUABLE": "course cannot be judged",
}
COLUMNS = ("No.", "Patient", "Question", "Decision", "Next action", "Owner", "Due", "Carried out")


def meeting_name(meeting: Meeting) -> str:
    """Date and title of a meeting."""
    return f"{format_date(meeting.held_on)} · {meeting.title}"


def header_line(header: PatientHeader, *, ctdna_state: str = "") -> str:
    """The header strip of a patient in one line: the diagnosis, then each title with its value.

    Of the line of therapy also the regimen, since when, and why it began; of the last scan who reported it,
    its date and change; of a result its date and age, and what is pending; of ctDNA its state as well, what
    the result may rest on, of which variants its levels are where they differ, and what is new.
    """
    first, *others = header.cells
    beside = {CTDNA_TITLE: (ctdna_state, header.new_variants)}
    words = (_cell_words(cell, *beside.get(cell.title, ("", ""))) for cell in others)
    return " · ".join([first.value, *words])


def _cell_words(cell: Cell, before: str, after: str) -> str:
    lines = cell.lines
    if cell.title in DATED_TITLES:
        lines = (*lines[:1], *(line for line in lines[1:] if line.qualifies))
    elif cell.title not in WHOLE_TITLES:
        lines = ()
    said = (cell.value, before, *(line.text for line in lines), after)
    return f"{cell.title}: {', '.join(words for words in said if words)}"


def ctdna_state_words(summary: Mapping[str, Any], *, direction: str) -> str:
    """State of the last ctDNA result, for instance "newly detected"; nothing where no sample has one.

    `direction` as the header says it: a rise alone would hide that it is over the lowest of an earlier line.
    """
    code = str(summary.get("ctdna_state") or "NO_SAMPLE")
    if code == "NO_SAMPLE" or code not in vocabulary.CTDNA_STATES:
        return ""
    words = STATES_IN_LINE.get(code, vocabulary.CTDNA_STATES[code].short)
    return ", ".join([words, *direction.split(" · ")]) if direction else words


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


def carried_out_words(course: Course) -> str:
    """Whether the action of a case was carried out: "yes", "not yet" or "no" with the reason, or "open"."""
    said = course.statement
    if said is None:
        return "open"
    return f"{CARRIED_OUT[said.outcome]} ({said.why_not})" if said.why_not else CARRIED_OUT[said.outcome]


def place_words(course: Course, *, names_days: bool) -> str:
    """Date and title of the meeting of a case; the title alone where no calendar date may stand."""
    return meeting_name(course.meeting) if names_days else course.meeting.title


def action_words(course: Course, *, names_days: bool) -> str:
    """Next action of the decision that counts with owner, due date and what became of it; or no action."""
    decision = course.decision
    if decision is None or not course.has_action:
        return "No next action"
    due = [f"due {format_date(decision.due_on)}"] if decision.due_on and names_days else []
    parts = [f"Next action: {decision.next_action}", f"owner {decision.owner}", *due]
    return " · ".join([*parts, f"carried out: {carried_out_words(course)}"])


def recorded_words(decision: Decision, *, names_days: bool) -> str:
    """Who recorded a decision and when; which version it is where there was an earlier one."""
    when = f", {format_date(decision.saved_at.date())}" if names_days else ""
    version = f", version {decision.version}" if decision.version > 1 else ""
    return f"Recorded by {decision.saved_by}{when}{version}"


def recorded_decision(course: Course, *, names_days: bool) -> RecordedDecision | None:
    """The decision of a case for its sheet; None before the first."""
    decision = course.decision
    if decision is None:
        return None
    return RecordedDecision(
        text=decision.text,
        next_action=decision.next_action,
        owner=decision.owner,
        due=format_date(decision.due_on) if decision.due_on and names_days else "",
        recorded=recorded_words(decision, names_days=names_days),
    )


def earlier_words(course: Course, *, names_days: bool) -> tuple[str, str]:
    """An earlier decision for the sheet: what it is called, and its text with what became of the action."""
    decision = course.decision
    head = f"Decision of {format_date(course.meeting.held_on)}:" if names_days else "Earlier decision:"
    if decision is None or not course.has_action:
        return head, "" if decision is None else decision.text
    return head, f"{decision.text} · {decision.next_action}, carried out: {carried_out_words(course)}"


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
