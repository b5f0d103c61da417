"""Who is to answer a query: the site at first, then whoever it is given to, with the reason and the audit."""

from datetime import date

import pytest

from dashboard.errors import ChangedMeanwhile, EntryIncomplete, NotAllowedNow
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind, Role
from dashboard.workflow.queries import NewQuery, open_queries
from dashboard.workflow.query_addressee import Addressee, addressee_of
from dashboard.workflow.query_events import Cut, Scope
from dashboard.workflow.query_list import read_queries
from dashboard.workflow.query_states import State, Step
from dashboard.workflow.query_steps import Entry, take_step

CUT = Cut(study_id="k4care", snapshot_id="cut-1", cut_off=date(2026, 2, 28))
SCOPE = Scope(study_id="k4care")
ISSUE = NewQuery(
    check_id="DQ41",
    check_version="a",
    table_name="variant",
    row_key="S1 | PI3KCA",
    column_name="gene",
    patient_id="K1",
    site_id="01",
    title="Gene read as another name",
    found="PI3KCA read as PIK3CA",
)
LABORATORY = Addressee(kind="laboratory")


@pytest.fixture
def give(staffed, author):
    """Gives the only query to somebody, as Dr Ada, on the version given or the last one."""

    def given(asked_of, *, username="ada", words="not the site's to answer", version=None, minutes=1):
        last = read_queries(staffed, SCOPE)[0].last.version
        entry = Entry(query_id=1, step=Step.ASSIGNED, version=version or last, words=words, asked_of=asked_of)
        return take_step(staffed, entry, scope=SCOPE, cut=CUT, author=author(username, minutes=minutes))

    return given


@pytest.fixture
def asked(staffed, author):
    def raised(one=ISSUE):
        return open_queries(staffed, [one], "Which gene?", cut=CUT, author=author("ada"))[0]

    return raised


def only(engine):
    return read_queries(engine, SCOPE)[0]


def test_a_query_goes_to_the_site_a_whole_check_to_the_administrator(staffed, asked):
    asked()
    assert only(staffed).asked_of == Addressee(kind="site")
    assert addressee_of([{}], is_systematic=True) == Addressee(kind="administrator")


def test_what_the_laboratory_alone_can_answer_begins_with_it(staffed, asked):
    asked(NewQuery(**{**vars(ISSUE), "asked_of": "laboratory"}))
    assert only(staffed).asked_of == LABORATORY


def test_a_query_is_given_to_the_laboratory_then_to_a_person_and_every_step_is_kept(
    staffed, asked, give, author
):
    asked()
    bo = Addressee(kind="person", user_id=author("bo").user_id, name="Dr Bo")
    give(LABORATORY)
    give(bo, username="cy", words="knows the panel", minutes=2)
    found = only(staffed)
    assert found.asked_of == bo
    assert [(one.step, one.state, one.by, one.comment) for one in found.steps] == [
        (Step.OPENED, State.OPEN, "Dr Ada", "Which gene?"),
        (Step.ASSIGNED, State.OPEN, "Dr Ada", "not the site's to answer"),
        (Step.ASSIGNED, State.OPEN, "Dr Cy", "knows the panel"),
    ]
    audited = [event for event in read_events(staffed) if event.kind is AuditKind.QUERY]
    assert [(event.user_id, event.detail["step"]) for event in audited] == [
        (author("cy").user_id, "assigned"),
        (author("ada").user_id, "assigned"),
        (author("ada").user_id, "opened"),
    ]


@pytest.mark.parametrize(
    ("asked_of", "words", "error"),
    [
        (None, "why", EntryIncomplete),
        (LABORATORY, " ", EntryIncomplete),
        (Addressee(kind="nobody"), "why", EntryIncomplete),
        (Addressee(kind="person"), "why", EntryIncomplete),
        (Addressee(kind="site"), "why", NotAllowedNow),
    ],
)
def test_without_a_reason_or_to_who_has_it_nothing_is_kept(staffed, asked, give, asked_of, words, error):
    asked()
    with pytest.raises(error):
        give(asked_of, words=words)
    assert len(only(staffed).steps) == 1


def test_a_closed_query_is_given_to_nobody_and_a_reopened_one_is(staffed, asked, give, author):
    query_id = asked()
    for number, step in enumerate((Step.ANSWERED, Step.CLOSED), start=1):
        entry = Entry(query_id=query_id, step=step, version=number, words="done")
        take_step(staffed, entry, scope=SCOPE, cut=CUT, author=author("bo"))
    with pytest.raises(NotAllowedNow):
        give(LABORATORY)
    reopened = Entry(query_id=query_id, step=Step.REOPENED, version=3, words="again")
    take_step(staffed, reopened, scope=SCOPE, cut=CUT, author=author("bo"))
    give(LABORATORY)
    assert (only(staffed).asked_of, only(staffed).last.state) == (LABORATORY, State.REOPENED)


def test_two_people_who_give_a_query_away_at_the_same_moment_lose_nothing(staffed, asked, give, together):
    asked()
    to_role = Addressee(kind="investigator")
    errors = together(lambda: give(LABORATORY, version=1), lambda: give(to_role, username="bo", version=1))
    assert [type(error) for error in errors if error is not None] == [ChangedMeanwhile]
    assert only(staffed).asked_of in (LABORATORY, to_role)
    assert len(only(staffed).steps) == 2


@pytest.mark.parametrize(
    ("addressee", "user_id", "role", "meant"),
    [
        (Addressee(kind="person", user_id=1, name="Dr Ada"), 1, Role.CLINICIAN, True),
        (Addressee(kind="person", user_id=1, name="Dr Ada"), 2, Role.CLINICIAN, False),
        (Addressee(kind="coordinator"), 2, Role.COORDINATOR, True),
        (Addressee(kind="coordinator"), 2, Role.INVESTIGATOR, False),
        (Addressee(kind="site"), 1, Role.COORDINATOR, False),
        (LABORATORY, 1, Role.COORDINATOR, False),
    ],
)
def test_a_person_is_meant_by_name_or_by_role(addressee, user_id, role, meant):
    assert addressee.is_for(user_id, role) is meant
