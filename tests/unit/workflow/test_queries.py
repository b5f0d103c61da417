"""Queries: raised, answered, closed, reopened, dismissed, by whom, and nothing lost."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dashboard.errors import (
    ChangedMeanwhile,
    EntryIncomplete,
    NoSuchEntry,
    NotAllowedNow,
    SecondPersonNeeded,
)
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from dashboard.workflow.named_snapshots import named_snapshots
from dashboard.workflow.queries import NewQuery, dismiss_candidates, open_queries
from dashboard.workflow.query_events import Cut, Scope
from dashboard.workflow.query_list import asked_hashes, read_queries
from dashboard.workflow.query_states import State, Step
from dashboard.workflow.query_steps import Entry, take_step

CUT = Cut(study_id="k4care", snapshot_id="cut-1", cut_off=date(2026, 2, 28))
SCOPE = Scope(study_id="k4care")


def issue(row_key="K1 | RX1", **more):
    values = {
        "check_id": "DQ18",
        "check_version": "a",
        "severity": "warning",
        "table_name": "treatment",
        "row_key": row_key,
        "column_name": "ended_on",
        "patient_id": "K1",
        "site_id": "01",
        "title": "Treatment ends before it starts",
        "found": "K1 | RX1: started 3 Feb 2024, ended 5 Jan 2024",
    }
    return NewQuery(**values | more)


@pytest.fixture
def asked(staffed, author):
    """Raises one query as Dr Ada and gives its id."""

    def raised(one=None, question="Which date is right?"):
        return open_queries(staffed, [one or issue()], question, cut=CUT, author=author("ada"))[0]

    return raised


@pytest.fixture
def step(staffed, author):
    """Takes a step with a query as somebody, on the version given or the last one."""

    def taken(query_id, kind, username="bo", *, words="because", version=None, scope=SCOPE, minutes=1):
        seen = version if version is not None else one(staffed, query_id).last.version
        entry = Entry(query_id=query_id, step=kind, version=seen, words=words)
        return take_step(staffed, entry, scope=scope, cut=CUT, author=author(username, minutes=minutes))

    return taken


def one(engine, query_id):
    return next(query for query in read_queries(engine, SCOPE) if query.query_id == query_id)


def states(engine, query_id):
    return [taken.state for taken in one(engine, query_id).steps]


def test_a_query_is_raised_answered_and_closed_with_its_whole_history(staffed, asked, step):
    query_id = asked()
    step(query_id, Step.ANSWERED, "bo", words="5 Feb 2024, typing error")
    step(query_id, Step.CLOSED, "ada", words="")
    found = one(staffed, query_id)
    assert [(taken.step, taken.state, taken.by, taken.comment) for taken in found.steps] == [
        (Step.OPENED, State.OPEN, "Dr Ada", "Which date is right?"),
        (Step.ANSWERED, State.ANSWERED, "Dr Bo", "5 Feb 2024, typing error"),
        (Step.CLOSED, State.CLOSED, "Dr Ada", ""),
    ]
    assert (found.site_id, found.patient_id, found.found) == ("01", "K1", issue().found)


def test_every_step_is_in_the_audit_trail_with_person_patient_and_data_cut(staffed, asked, step, author):
    query_id = asked()
    step(query_id, Step.ANSWERED)
    events = [event for event in read_events(staffed) if event.kind is AuditKind.QUERY]
    assert [(event.user_id, event.patient_id, event.snapshot_id) for event in events] == [
        (author("bo").user_id, "K1", "cut-1"),
        (author("ada").user_id, "K1", "cut-1"),
    ]
    assert [event.detail["step"] for event in events] == ["answered", "opened"]
    assert named_snapshots(staffed, "k4care") == {"cut-1"}


@pytest.mark.parametrize("table", ["data_query", "query_event", "query_reconciliation"])
@pytest.mark.parametrize("change", ["update {} set id = id + 1", "delete from {}"])
def test_nothing_of_a_query_can_be_changed_or_deleted(staffed, asked, table, change):
    asked()
    with staffed.begin() as connection:
        connection.execute(
            text(
                "insert into query_reconciliation "
                "(study_id, serial, snapshot_id, cut_off, n_queries, n_changed, at) "
                "values ('k4care', 1, 'cut-1', '2026-02-28', 1, 0, '2026-06-01')"
            )
        )
    with pytest.raises(DBAPIError, match="append only"), staffed.begin() as connection:
        connection.execute(text(change.format(table)))


@pytest.mark.parametrize("ends", [Step.CLOSED, Step.DISMISSED])
@pytest.mark.parametrize("username", ["ada", "bo"])
def test_an_error_is_not_ended_by_who_raised_or_answered_it(staffed, asked, step, ends, username):
    query_id = asked(issue(severity="error"))
    step(query_id, Step.ANSWERED, "bo")
    if ends is Step.DISMISSED:
        step(query_id, Step.REOPENED, "ada")
    before = states(staffed, query_id)
    with pytest.raises(SecondPersonNeeded, match="somebody else"):
        step(query_id, ends, username)
    assert states(staffed, query_id) == before


def test_a_third_person_closes_an_error(staffed, asked, step):
    query_id = asked(issue(severity="error"))
    step(query_id, Step.ANSWERED, "bo")
    step(query_id, Step.COMMENTED, "cy", words="Seen in the record.")
    step(query_id, Step.CLOSED, "cy")
    assert states(staffed, query_id)[-1] is State.CLOSED


def test_who_raised_a_warning_may_close_it(staffed, asked, step):
    query_id = asked()
    step(query_id, Step.ANSWERED, "bo")
    step(query_id, Step.CLOSED, "ada")
    assert states(staffed, query_id)[-1] is State.CLOSED


@pytest.mark.parametrize(
    ("before", "allowed"),
    [
        ([], {Step.ANSWERED, Step.DISMISSED}),
        ([Step.ANSWERED], {Step.CLOSED, Step.REOPENED}),
        ([Step.ANSWERED, Step.CLOSED], {Step.REOPENED}),
        ([Step.ANSWERED, Step.REOPENED], {Step.ANSWERED, Step.DISMISSED}),
        ([Step.DISMISSED], {Step.REOPENED}),
    ],
)
def test_from_each_state_only_its_own_steps_lead_on(staffed, asked, step, before, allowed):
    every = {Step.ANSWERED, Step.CLOSED, Step.REOPENED, Step.DISMISSED}
    done = set()
    for number, kind in enumerate(sorted(every)):
        query_id = asked(issue(f"K1 | RX{number}"))
        for earlier in before:
            step(query_id, earlier)
        try:
            step(query_id, kind)
            done.add(kind)
        except NotAllowedNow:
            assert len(states(staffed, query_id)) == len(before) + 1
    assert done == allowed


@pytest.mark.parametrize("kind", [Step.ANSWERED, Step.COMMENTED, Step.DISMISSED])
def test_a_step_without_words_is_refused(staffed, asked, step, kind):
    query_id = asked()
    with pytest.raises(EntryIncomplete):
        step(query_id, kind, words="  ")
    assert states(staffed, query_id) == [State.OPEN]


def test_a_candidate_is_dismissed_with_its_reason(staffed, author):
    dismiss_candidates(staffed, [issue()], "Confirmed by the site", cut=CUT, author=author("ada"))
    found = read_queries(staffed, SCOPE)[0]
    assert (found.last.state, found.last.comment) == (State.DISMISSED, "Confirmed by the site")
    assert asked_hashes(staffed, "k4care") == {issue().issue_hash}


def test_the_same_data_issue_is_asked_once_and_the_same_datum_as_often_as_wanted(staffed, author):
    datum = issue(check_id=None)
    for _ in range(2):
        asked = [issue(), issue(), datum, datum]
        open_queries(staffed, asked, "?", cut=CUT, author=author("ada"))
    assert sorted(str(query.check_id) for query in read_queries(staffed, SCOPE)) == ["DQ18"] + ["None"] * 4


def test_two_people_who_answer_and_close_at_the_same_moment_lose_nothing(staffed, asked, step, together):
    for number in range(5):
        query_id = asked(issue(f"K1 | RX{number}"))
        step(query_id, Step.ANSWERED, "bo")
        step(query_id, Step.REOPENED, "ada")
        errors = together(
            lambda seen=query_id: step(seen, Step.ANSWERED, "bo", words="by Bo", version=3),
            lambda seen=query_id: step(seen, Step.DISMISSED, "ada", words="by Ada", version=3),
        )
        refused = [error for error in errors if error is not None]
        assert [type(error) for error in refused] == [ChangedMeanwhile]
        last = one(staffed, query_id).last
        assert (last.version, last.comment) in {(4, "by Bo"), (4, "by Ada")}


def test_comments_at_the_same_moment_are_all_kept_beside_an_answer(staffed, asked, step, together):
    query_id = asked()
    errors = together(
        lambda: step(query_id, Step.COMMENTED, "ada", words="one", version=1),
        lambda: step(query_id, Step.COMMENTED, "bo", words="two", version=1),
        lambda: step(query_id, Step.COMMENTED, "cy", words="three", version=1),
    )
    assert errors == [None, None, None]
    assert {taken.comment for taken in one(staffed, query_id).steps[1:]} == {"one", "two", "three"}


def test_two_people_who_raise_the_same_issue_at_the_same_moment_make_one_query(staffed, author, together):
    def raised(username):
        return lambda: open_queries(staffed, [issue()], username, cut=CUT, author=author(username))

    errors = [error for error in together(raised("ada"), raised("bo")) if error is not None]
    assert all(isinstance(error, ChangedMeanwhile) for error in errors)
    assert len(read_queries(staffed, SCOPE)) == 1


def test_people_of_a_site_see_and_act_on_its_queries_alone(staffed, asked, step):
    here, there = asked(), asked(issue("K2 | RX1", patient_id="K2", site_id="02"))
    south = Scope(study_id="k4care", sites=("02",))
    assert [query.query_id for query in read_queries(staffed, south)] == [there]
    step(there, Step.ANSWERED, scope=south)
    with pytest.raises(NoSuchEntry, match="your sites"):
        step(here, Step.ANSWERED, scope=south)
    assert states(staffed, here) == [State.OPEN]


def test_who_opens_no_patient_sees_the_queries_about_a_whole_check(staffed, asked, step):
    whole = issue("", is_systematic=True, table_name="", column_name="", patient_id=None, site_id=None)
    about_all, about_one = asked(whole), asked()
    nobody = Scope(study_id="k4care", sees_patients=False)
    assert [query.query_id for query in read_queries(staffed, nobody)] == [about_all]
    with pytest.raises(NoSuchEntry):
        step(about_one, Step.ANSWERED, scope=nobody)
    assert read_queries(staffed, Scope(study_id="k4care", sites=("02",))) == []


def test_another_study_is_out_of_reach(staffed, asked, step):
    query_id = asked()
    with pytest.raises(NoSuchEntry):
        step(query_id, Step.ANSWERED, scope=Scope(study_id="cdk46"))
    assert read_queries(staffed, Scope(study_id="cdk46")) == []
