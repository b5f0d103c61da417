"""What a data cut does to one query: the step that its facts mean, and the state after it.

A new data cut answers, reopens or leaves alone. One that served before gives back the state the query had on
it. A withdrawal of consent ends the asking from that day on (clinical-decisions A23).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from dashboard.workflow.models import QueryEvent
from dashboard.workflow.query_events import Cut, next_event
from dashboard.workflow.query_states import (
    WAITING,
    Finding,
    State,
    Step,
    is_patient_vanished,
    no_longer_applies,
)

# The data issue is there again. What was dismissed stays so until a person reopens it.
REOPENED_BY_RETURN = frozenset({State.ANSWERED, State.CLOSED})
ENDED = frozenset({State.CLOSED, State.DISMISSED})
# What a person said stays said when an earlier data cut comes back; a closing rested on the data left.
KEPT = {
    Step.ANSWERED: State.ANSWERED,
    Step.REOPENED: State.REOPENED,
    Step.DISMISSED: State.DISMISSED,
}


class Fact(Protocol):
    """What the data say about one query; `store.query_facts` explains each part."""

    @property
    def is_found(self) -> bool:
        """Whether what was asked about is still there."""

    @property
    def row(self) -> str:
        """Whether the row is "there", "excluded" or "absent"."""

    @property
    def is_patient_absent(self) -> bool:
        """Whether the patient is not in the data at all."""

    @property
    def check_version(self) -> str | None:
        """The definition of the check that ran; None where it did not."""

    @property
    def site_id(self) -> str | None:
        """The site of the patient now."""

    @property
    def changes(self) -> Mapping[str, tuple[str | None, str | None]]:
        """Columns with another value, as (before, now)."""

    @property
    def is_consent_withdrawn(self) -> bool:
        """Whether the patient has withdrawn consent by this data cut."""

    @property
    def withdrew_on(self) -> date | None:
        """The day of it, if recorded."""


@dataclass(frozen=True)
class Serving:
    """The data cut that serves: whether it comes after a later one, and whether it served before."""

    cut: Cut
    is_earlier: bool = False
    is_again: bool = False


def event_of(
    history: Sequence[QueryEvent], fact: Fact, *, is_of_check: bool, serving: Serving
) -> QueryEvent | None:
    """The event that this data cut adds to a query, oldest event first; None where nothing changed."""
    if fact.is_consent_withdrawn:
        return _withdrawn(history, fact, serving=serving)
    if serving.is_again:
        return _again(history, fact, is_of_check=is_of_check, serving=serving)
    return _anew(history, fact, is_of_check=is_of_check, serving=serving)


def _anew(
    history: Sequence[QueryEvent], fact: Fact, *, is_of_check: bool, serving: Serving
) -> QueryEvent | None:
    """What a data cut says that never served before."""
    last, basis = history[-1], _with_consent(history)
    before, state = Finding(basis.finding), State(basis.state)
    finding = judge(fact, is_of_check=is_of_check, before=before, check_version=basis.check_version)
    version = fact.check_version if finding is Finding.PRESENT else basis.check_version
    if finding is not before or _is_other_absence(history, fact, finding=finding):
        step, state = step_of(finding, before=before, state=state, is_patient_absent=fact.is_patient_absent)
    elif basis is not last:
        step = Step.RETURNED
    elif version != last.check_version:
        step = Step.FOUND_AGAIN
    elif (fact.site_id or last.site_id) != last.site_id:
        step = Step.MOVED
    else:
        return None
    event = next_event(last, step, state=state, cut=serving.cut)
    event.finding, event.check_version = finding.value, version
    event.site_id = fact.site_id or last.site_id
    event.detail = _detail(fact, serving=serving)
    if basis is not last:
        event.detail["is_consent_again"] = True
    return event


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


def _is_other_absence(history: Sequence[QueryEvent], fact: Fact, *, finding: Finding) -> bool:
    """Whether the row is missing as before, but now with its patient, or now without."""
    was_patient = is_patient_vanished([event.kind for event in history])
    return finding is Finding.ROW_VANISHED and was_patient is not fact.is_patient_absent


def step_of(
    finding: Finding, *, before: Finding, state: State, is_patient_absent: bool = False
) -> tuple[Step, State]:
    """The step a changed finding means, and the state after it."""
    if finding is Finding.PRESENT:
        return Step.RETURNED, State.REOPENED if state in REOPENED_BY_RETURN else state
    if finding is Finding.ROW_VANISHED:
        return Step.PATIENT_VANISHED if is_patient_absent else Step.ROW_VANISHED, state
    if finding is Finding.NOT_RECHECKED:
        return Step.NOT_RECHECKED, state
    if state in WAITING:
        return Step.ANSWERED_BY_DATA, State.ANSWERED
    return Step.ISSUE_GONE, state


def _withdrawn(history: Sequence[QueryEvent], fact: Fact, *, serving: Serving) -> QueryEvent | None:
    """Closed without an answer; what had ended before stays as it ended."""
    last = history[-1]
    if State(last.state) in ENDED:
        return None
    event = next_event(last, Step.CONSENT_WITHDRAWN, state=State.CLOSED, cut=serving.cut)
    event.finding = Finding.NOT_RECHECKED.value
    event.detail = _place(serving)
    if fact.withdrew_on is not None:
        event.detail["withdrew_on"] = fact.withdrew_on.isoformat()
    return event


def _with_consent(history: Sequence[QueryEvent]) -> QueryEvent:
    """The last event; where consent was withdrawn last, the one before."""
    if not no_longer_applies([event.kind for event in history]):
        return history[-1]
    place = max(at for at, event in enumerate(history) if event.kind == Step.CONSENT_WITHDRAWN)
    return history[place - 1]


def _again(
    history: Sequence[QueryEvent], fact: Fact, *, is_of_check: bool, serving: Serving
) -> QueryEvent | None:
    """The query as it stood on this data cut, with what people answered since."""
    last = history[-1]
    then = _on_this_cut(history, serving.cut)
    basis = then or _with_consent(history)
    state = State(basis.state)
    for event in history:
        if event.version > basis.version:
            state = KEPT.get(Step(event.kind), state)
    finding = judge(
        fact, is_of_check=is_of_check, before=Finding(basis.finding), check_version=basis.check_version
    )
    version = fact.check_version if finding is Finding.PRESENT else basis.check_version
    site_id = fact.site_id or last.site_id
    now = (finding.value, state.value, version, site_id)
    if now == (last.finding, last.state, last.check_version, last.site_id):
        return None
    event = next_event(last, Step.SERVED_AGAIN, state=state, cut=serving.cut)
    event.finding, event.check_version, event.site_id = finding.value, version, site_id
    event.detail = _detail(fact, serving=serving)
    if then is not None:
        event.detail["as_of_version"] = then.version
    return event


def _on_this_cut(history: Sequence[QueryEvent], cut: Cut) -> QueryEvent | None:
    """The last event while this data cut served, else the last before it; None for a query raised later.

    A roll-back after a withdrawal never rests on the withdrawal: whoever calls knows consent stands.
    """
    kinds = [event.kind for event in history]
    usable = [event for at, event in enumerate(history) if not no_longer_applies(kinds[: at + 1])]
    own = [event for event in usable if event.snapshot_id == cut.snapshot_id]
    earlier = [event for event in usable if event.cut_off <= cut.cut_off]
    found = own or earlier
    return found[-1] if found else None


def _detail(fact: Fact, *, serving: Serving) -> dict[str, Any]:
    """What changed in the row since somebody asked, and whether an earlier data cut came back."""
    changes = {name: list(pair) for name, pair in fact.changes.items()}
    return ({"changes": changes} if changes else {}) | _place(serving)


def _place(serving: Serving) -> dict[str, Any]:
    return {"is_earlier_cut": True} if serving.is_earlier else {}
