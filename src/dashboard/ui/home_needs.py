"""What needs somebody today: a few counts by role, each with the page where it is dealt with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dashboard.figures.overview.issues import overview_issues
from dashboard.figures.worklist.listed import study_entries
from dashboard.quality.run import chased_checks
from dashboard.store.snapshot import Snapshot
from dashboard.studies.schema import Study
from dashboard.tables.data_load_issues import n_blocking
from dashboard.tables.formats import format_date
from dashboard.ui import follow_up_data, installation, query_data, worklist_data
from dashboard.ui.context import PageContext, Permission
from dashboard.workflow.actions import courses_of
from dashboard.workflow.meetings import list_meetings
from dashboard.workflow.models import Role
from dashboard.workflow.query_events import Scope
from dashboard.workflow.query_list import read_queries
from dashboard.workflow.query_states import WAITING, State


@dataclass(frozen=True, kw_only=True)
class Need:
    """A count with the words for one and for many, the page behind it and its part; 0 waits for nobody."""

    n: int
    one: str
    many: str
    url_path: str
    part: str = ""

    @property
    def words(self) -> str:
        """The words that fit the count."""
        return self.one if self.n == 1 else self.many


@dataclass(frozen=True)
class Place:
    """A study at one data cut, as the user may see it."""

    context: PageContext
    study: Study
    snapshot: Snapshot


def needs_of(context: PageContext, study: Study, snapshot: Snapshot) -> list[Need]:
    """What the role of the user deals with in this study, most urgent first; counts of 0 included."""
    place = Place(context, study, snapshot)
    return [need for ask in BY_ROLE[context.user.role] for need in ask(place)]


def _worklist(place: Place) -> Iterator[Need]:
    listed = worklist_data.study_list(place.context, place.study, place.snapshot, is_look=False)
    if listed is None:
        return
    entries = [one for one in study_entries(listed, window_days=None) if not one.is_hidden]
    n_new = sum(one.is_new for one in entries)
    new, known = "with a new reason to look", "with a reason to look, as before"
    yield Need(n=n_new, one=f"patient {new}", many=f"patients {new}", url_path="worklist")
    n_known = len(entries) - n_new
    yield Need(n=n_known, one=f"patient {known}", many=f"patients {known}", url_path="worklist")


def _meetings(place: Place) -> Iterator[Need]:
    engine, today = installation.workflow(), installation.utc_now().date()
    ahead = [one.held_on for one in list_meetings(engine, place.study.study_id) if one.held_on >= today]
    if ahead:
        words = f"ahead, the next on {format_date(min(ahead))}"
        yield Need(n=len(ahead), one=f"MDT meeting {words}", many=f"MDT meetings {words}", url_path="mdt")
    late = [
        course
        for course in courses_of(engine, place.study.study_id)
        if course.is_open and course.decision and course.decision.due_on and course.decision.due_on < today
    ]
    yield Need(n=len(late), one="MDT action overdue", many="MDT actions overdue", url_path="mdt")


def _follow_up(place: Place) -> Iterator[Need]:
    counts = follow_up_data.counts_of(place.context.reader_of(place.snapshot), place.study)
    if counts is None:
        return
    one, many = "follow-up item overdue", "follow-up items overdue"
    yield Need(n=counts.n_overdue, one=one, many=many, url_path="follow-up")
    within = f"closing within {place.study.follow_up.closing_soon_days} days"
    one, many = f"follow-up item {within}", f"follow-up items {within}"
    yield Need(n=counts.n_closes_soon, one=one, many=many, url_path="follow-up")


def _queries(place: Place) -> Iterator[Need]:
    study_id = place.study.study_id
    scope = Scope(study_id=study_id, sites=place.context.user.sites_in(study_id), sees_patients=True)
    states = [query.last.state for query in read_queries(installation.workflow(), scope)]
    words, n_answered = "answered, to be closed or reopened", states.count(State.ANSWERED)
    yield Need(n=n_answered, one=f"query {words}", many=f"queries {words}", url_path="queries")
    words, n_waiting = "waiting for an answer", sum(one in WAITING for one in states)
    yield Need(n=n_waiting, one=f"query {words}", many=f"queries {words}", url_path="queries")


def _given(place: Place) -> Iterator[Need]:
    """Queries that wait for this person, by name or by role."""
    user, study_id = place.context.user, place.study.study_id
    sees_patients = place.context.may(Permission.PATIENT)
    scope = Scope(study_id=study_id, sites=user.sites_in(study_id), sees_patients=sees_patients)
    queries = read_queries(installation.workflow(), scope)
    n = sum(one.last.state in WAITING and one.asked_of.is_for(user.user_id, user.role) for one in queries)
    words = "given to you to answer"
    yield Need(n=n, one=f"query {words}", many=f"queries {words}", url_path="queries")


def _vanished(place: Place) -> Iterator[Need]:
    n = len(query_data.vanished_of(place.context, place.snapshot))
    words = "of an earlier data cut no longer in the extract"
    yield Need(n=n, one=f"patient {words}", many=f"patients {words}", url_path="queries")


def _blocking(place: Place) -> Iterator[Need]:
    found = overview_issues(place.context.reader_of(place.snapshot))
    n = n_blocking(found, chased=chased_checks())
    page, part = ("data", "issues") if place.context.may(Permission.DATA) else ("overview", "")
    words = "blocking the primary result, overdue blood draws apart"
    yield Need(n=n, one=f"data issue {words}", many=f"data issues {words}", url_path=page, part=part)


def _rulings(place: Place) -> Iterator[Need]:
    n = sum(question.status == "open" for question in place.study.open_questions)
    words = "waiting for a ruling by the PI"
    yield Need(n=n, one=f"question {words}", many=f"questions {words}", url_path="overview")


def _not_loaded(place: Place) -> Iterator[Need]:
    n = int(place.snapshot.manifest.get("n_rejected", 0))
    yield Need(n=n, one="row not loaded", many="rows not loaded", url_path="data", part="rejected")


def _unlinked(place: Place) -> Iterator[Need]:
    reader = place.context.reader_of(place.snapshot)
    if reader.sites is not None:  # Nobody knows the site of such a result.
        return
    n = follow_up_data.unlinked_of(reader)
    words = "not linked to a patient"
    one, many = f"laboratory result {words}", f"laboratory results {words}"
    yield Need(n=n, one=one, many=many, url_path="data", part="unlinked")


BY_ROLE: dict[Role, tuple[Callable[[Place], Iterator[Need]], ...]] = {
    Role.CLINICIAN: (_worklist, _meetings, _follow_up, _given),
    Role.INVESTIGATOR: (_blocking, _rulings, _given, _worklist, _meetings, _follow_up),
    Role.COORDINATOR: (_follow_up, _unlinked, _vanished, _queries, _given, _blocking, _not_loaded),
    Role.ADMINISTRATOR: (_not_loaded, _vanished, _given, _unlinked, _blocking, _rulings),
}
