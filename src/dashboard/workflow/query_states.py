"""The states of a query, the steps between them, and who may not close one (clinical-rules 7.3).

A candidate is a data issue that nobody has asked about yet; it has no row. From there: open, answered,
closed, with reopened for what was not solved after all and dismissed for what needs no answer.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

from dashboard.errors import NotAllowedNow, SecondPersonNeeded


class State(StrEnum):
    """How a query stands."""

    OPEN = "open"
    ANSWERED = "answered"
    REOPENED = "reopened"
    CLOSED = "closed"
    DISMISSED = "dismissed"


class Finding(StrEnum):
    """What the data that served last say about what was asked.

    `gone` only where the same check looked at the same row; `not_rechecked` where the check changed or could
    not see the row.
    """

    PRESENT = "present"
    GONE = "gone"
    ROW_VANISHED = "row_vanished"
    NOT_RECHECKED = "not_rechecked"


class Step(StrEnum):
    """What happened to a query. The first seven are taken by people, the others by a data cut."""

    OPENED = "opened"
    COMMENTED = "commented"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    DISMISSED = "dismissed"
    # Somebody else is to answer: another party, a role or a person.
    ASSIGNED = "assigned"
    ANSWERED_BY_DATA = "answered_by_data"
    ISSUE_GONE = "issue_gone"
    ROW_VANISHED = "row_vanished"
    # The patient is not in the extract at all: the same finding, one matter for all queries of the patient.
    PATIENT_VANISHED = "patient_vanished"
    NOT_RECHECKED = "not_rechecked"
    RETURNED = "returned"
    FOUND_AGAIN = "found_again"
    MOVED = "moved"
    # Nobody is chased for a patient who withdrew consent (clinical-decisions A23): closed, and not answered.
    CONSENT_WITHDRAWN = "consent_withdrawn"
    # A data cut that served before serves again, and with it the state the query had on it.
    SERVED_AGAIN = "served_again"


WAITING = frozenset({State.OPEN, State.REOPENED})
# Where the data will not answer any more, a person may close without an answer.
UNANSWERABLE = frozenset({Finding.ROW_VANISHED, Finding.NOT_RECHECKED})
FROM: dict[Step, frozenset[State]] = {
    Step.COMMENTED: frozenset(State),
    Step.ANSWERED: WAITING,
    Step.CLOSED: frozenset({State.ANSWERED}),
    Step.REOPENED: frozenset({State.ANSWERED, State.CLOSED, State.DISMISSED}),
    Step.DISMISSED: WAITING,
    Step.ASSIGNED: WAITING | {State.ANSWERED},
}
TO = {
    Step.ANSWERED: State.ANSWERED,
    Step.CLOSED: State.CLOSED,
    Step.REOPENED: State.REOPENED,
    Step.DISMISSED: State.DISMISSED,
}
# Steps that end a query: of an error they need somebody who neither raised nor answered it.
ENDING = frozenset({Step.CLOSED, Step.DISMISSED})
TAKING_PART = frozenset({Step.OPENED, Step.ANSWERED})
FOUR_EYES = "error"


def is_patient_vanished(steps: Iterable[str]) -> bool:
    """Whether the row was missing last because its patient was, of the steps of a query, oldest first."""
    kinds = [step for step in steps if step in (Step.ROW_VANISHED, Step.PATIENT_VANISHED)]
    return bool(kinds) and kinds[-1] == Step.PATIENT_VANISHED


def no_longer_applies(steps: Iterable[str]) -> bool:
    """Whether consent was withdrawn last, of the steps of a query, oldest first; comments may follow."""
    kinds = [step for step in steps if step != Step.COMMENTED]
    return bool(kinds) and kinds[-1] == Step.CONSENT_WITHDRAWN


def require_consent(step: Step, *, steps: Iterable[str]) -> None:
    """Raise `NotAllowedNow` where anything but a comment is added after consent was withdrawn."""
    if step is not Step.COMMENTED and no_longer_applies(steps):
        raise NotAllowedNow(
            "The patient withdrew consent: this query no longer applies and only takes comments. "
            "Nothing was saved."
        )


def is_allowed(step: Step, *, state: State, finding: Finding) -> bool:
    """Whether a person may take the step from here."""
    if step is Step.CLOSED and state in WAITING:
        return finding in UNANSWERABLE
    return state in FROM[step]


def after(step: Step, *, state: State, finding: Finding) -> State:
    """The state after a person's step. Raises `NotAllowedNow` where it cannot be taken from here."""
    if not is_allowed(step, state=state, finding=finding):
        raise NotAllowedNow(
            f"This query is {state.value}; it cannot be {step.value} from there. Nothing was saved."
        )
    return TO.get(step, state)


def require_second_person(
    step: Step, *, severity: str, user_id: int, taking_part: Collection[int | None]
) -> None:
    """Raise `SecondPersonNeeded` where somebody who raised or answered an error would end it."""
    if step in ENDING and severity == FOUR_EYES and user_id in taking_part:
        raise SecondPersonNeeded(
            "You raised or answered this query and it is about an error: somebody else has to close it. "
            "Nothing was saved."
        )
