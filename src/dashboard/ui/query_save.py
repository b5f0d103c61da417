"""What the buttons about queries do. They run before the page is drawn anew, on what the reader had seen.

So a query that somebody else took further meanwhile is noticed, and what was typed stays in the form.
"""

from collections.abc import Callable, Sequence

from dashboard.access.roles import Permission, may
from dashboard.errors import (
    ChangedMeanwhile,
    EntryIncomplete,
    NoSuchEntry,
    NotAllowedNow,
    SecondPersonNeeded,
)
from dashboard.ui import installation, state
from dashboard.ui.context import current_user
from dashboard.workflow.history import Author
from dashboard.workflow.item_requests import AskedItem, record_requests
from dashboard.workflow.queries import NewQuery, dismiss_candidates, open_queries
from dashboard.workflow.query_events import Cut, Scope
from dashboard.workflow.query_list import Query
from dashboard.workflow.query_states import Step
from dashboard.workflow.query_steps import Entry, take_step

WORDS = "words"
WHOM = "whom"
CLOSING = frozenset({Step.CLOSED, Step.REOPENED, Step.DISMISSED, Step.ASSIGNED})
DONE = {
    Step.COMMENTED: "The comment is kept.",
    Step.ANSWERED: "The answer is kept.",
    Step.CLOSED: "The query is closed.",
    Step.REOPENED: "The query is open again.",
    Step.DISMISSED: "The query is dismissed.",
    Step.ASSIGNED: "The query is given to somebody else.",
}
Asked = Callable[[], Sequence[NewQuery]]


def card_form(query_id: int) -> str:
    """Name of the form under one query."""
    return f"query.{query_id}"


def raise_queries(asked: Asked, cut: Cut, form: str) -> None:
    """Raise queries with the question entered in the form."""

    def write(author: Author) -> str:
        words = state.entered(form, WORDS) or ""
        made = open_queries(installation.workflow(), asked(), words, cut=cut, author=author)
        return _counted(len(made), "raised")

    _save(cut.study_id, Permission.QUERIES, form, write)


def mark_asked(items: Sequence[AskedItem], cut: Cut) -> None:
    """Keep that these items of the follow-up list were asked for."""

    def write(author: Author) -> str:
        n = record_requests(installation.workflow(), items, cut=cut, author=author)
        return "1 item marked as asked." if n == 1 else f"{n} items marked as asked."

    _save(cut.study_id, Permission.PATIENT, "follow_up.asked", write)


def dismiss(asked: Asked, cut: Cut, form: str) -> None:
    """Say that data issues need no query, with the reason entered in the form."""

    def write(author: Author) -> str:
        words = state.entered(form, WORDS) or ""
        made = dismiss_candidates(installation.workflow(), asked(), words, cut=cut, author=author)
        return _counted(len(made), "dismissed")

    _save(cut.study_id, Permission.CLOSE_QUERIES, form, write)


def _counted(n: int, done: str) -> str:
    if not n:
        return "Somebody has asked about this already; see the page Queries."
    return f"1 query {done}." if n == 1 else f"{n} queries {done}."


def go_on(query: Query, step: Step, scope: Scope, cut: Cut) -> None:
    """Take a step with a query, on the version that was seen."""
    form = card_form(query.query_id)

    def write(author: Author) -> str:
        words = state.entered(form, WORDS) or ""
        entry = Entry(
            query_id=query.query_id,
            step=step,
            version=query.last.version,
            words=words,
            asked_of=state.entered(form, WHOM) if step is Step.ASSIGNED else None,
        )
        take_step(installation.workflow(), entry, scope=scope, cut=cut, author=author)
        return DONE[step]

    _save(scope.study_id, Permission.CLOSE_QUERIES if step in CLOSING else Permission.QUERIES, form, write)


def _save(study_id: str, permission: Permission, form: str, write: Callable[[Author], str]) -> None:
    """Write if session and right still hold, and keep for the page what is to be said about it."""
    signed_in = current_user()
    if signed_in is None or study_id not in signed_in.user.study_ids:
        return
    if not may(signed_in.user.role, permission):
        return
    author = Author(
        user_id=signed_in.user.user_id, session_id=signed_in.session_id, at=installation.utc_now()
    )
    try:
        done = write(author)
    except (ChangedMeanwhile, EntryIncomplete, NoSuchEntry, NotAllowedNow, SecondPersonNeeded) as problem:
        state.say_next(str(problem), is_problem=True)
    else:
        state.next_form_round(form)
        state.say_next(done, is_problem=False)
