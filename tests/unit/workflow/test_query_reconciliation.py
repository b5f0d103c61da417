"""What a new data cut answers: found, fixed, returned, row vanished, rolled back, check changed."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

import pytest

from dashboard.errors import ChangedMeanwhile, NotAllowedNow, SecondPersonNeeded
from dashboard.workflow.audit import read_events
from dashboard.workflow.models import AuditKind
from dashboard.workflow.queries import NewQuery, dismiss_candidates, open_queries
from dashboard.workflow.query_addressee import Addressee
from dashboard.workflow.query_events import Cut, Scope
from dashboard.workflow.query_list import read_queries
from dashboard.workflow.query_outcome import judge
from dashboard.workflow.query_reconciliation import Outcome, is_reconciled, reconcile
from dashboard.workflow.query_states import Finding, State, Step
from dashboard.workflow.query_steps import Entry, take_step
from tests.unit.workflow.conftest import NOON

SCOPE = Scope(study_id="k4care")
CUTS = [
    Cut(study_id="k4care", snapshot_id=f"cut-{month}", cut_off=date(2026, month, 28)) for month in range(1, 7)
]
ISSUE = NewQuery(
    check_id="DQ18",
    check_version="a",
    severity="error",
    table_name="treatment",
    row_key="K1 | RX1",
    column_name="ended_on",
    patient_id="K1",
    site_id="01",
    title="Treatment ends before it starts",
    found="started 3 Feb 2024, ended 5 Jan 2024",
)


@dataclass(frozen=True)
class Said:
    """What a data cut says about a query."""

    is_found: bool = True
    row: str = "there"
    check_version: str | None = "a"
    site_id: str | None = "01"
    changes: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    is_patient_absent: bool = False
    is_consent_withdrawn: bool = False
    withdrew_on: date | None = None


FOUND, FIXED = Said(), Said(is_found=False, changes={"ended_on": ("2024-01-05", "2024-02-05")})
VANISHED = Said(is_found=False, row="absent", site_id=None)
PATIENT_VANISHED = replace(VANISHED, is_patient_absent=True)
OTHER_CHECK = Said(is_found=False, check_version="b")
STILL_FOUND_BY_OTHER_CHECK = Said(check_version="b")


@pytest.fixture
def publish(staffed):
    """Lets a data cut serve that says the same about every query."""

    def published(cut, said):
        return reconcile(staffed, cut, lambda tracked: {one.query_id: said for one in tracked}, now=NOON)

    return published


@pytest.fixture
def asked(staffed, author, publish):
    """One error query of Dr Ada's, raised on the first data cut."""
    publish(CUTS[0], FOUND)
    return open_queries(staffed, [ISSUE], "Which date?", cut=CUTS[0], author=author("ada"))[0]


@pytest.fixture
def step(staffed, author):
    def taken(query_id, kind, username, *, cut=CUTS[0]):
        version = read_queries(staffed, SCOPE)[0].last.version
        entry = Entry(query_id=query_id, step=kind, version=version, words="because")
        return take_step(staffed, entry, scope=SCOPE, cut=cut, author=author(username))

    return taken


def life(engine):
    return [(taken.step, taken.state, taken.finding) for taken in read_queries(engine, SCOPE)[0].steps]


def test_the_life_of_a_query_over_data_cuts_with_its_audit(staffed, asked, publish, step):
    publish(CUTS[1], FIXED)
    step(asked, Step.CLOSED, "cy", cut=CUTS[1])
    publish(CUTS[2], FOUND)
    publish(CUTS[3], VANISHED)
    publish(CUTS[2], FOUND)  # rolled back
    publish(CUTS[4], OTHER_CHECK)
    assert life(staffed) == [
        (Step.OPENED, State.OPEN, Finding.PRESENT),
        (Step.ANSWERED_BY_DATA, State.ANSWERED, Finding.GONE),
        (Step.CLOSED, State.CLOSED, Finding.GONE),
        (Step.RETURNED, State.REOPENED, Finding.PRESENT),
        (Step.ROW_VANISHED, State.REOPENED, Finding.ROW_VANISHED),
        (Step.SERVED_AGAIN, State.REOPENED, Finding.PRESENT),
        (Step.NOT_RECHECKED, State.REOPENED, Finding.NOT_RECHECKED),
    ]
    steps = read_queries(staffed, SCOPE)[0].steps
    assert [taken.snapshot_id for taken in steps] == [
        "cut-1",
        "cut-2",
        "cut-2",
        "cut-3",
        "cut-4",
        "cut-3",
        "cut-5",
    ]
    assert steps[1].detail == {"changes": {"ended_on": ["2024-01-05", "2024-02-05"]}}
    assert [taken.detail.get("is_earlier_cut", False) for taken in steps] == [False] * 5 + [True, False]
    assert [taken.by for taken in steps] == ["Dr Ada", None, "Dr Cy", None, None, None, None]
    audited = [event for event in read_events(staffed) if event.kind is AuditKind.QUERY]
    assert [(event.user_id is None, event.snapshot_id) for event in reversed(audited)] == [
        (False, "cut-1"),
        (True, "cut-2"),
        (False, "cut-2"),
        (True, "cut-3"),
        (True, "cut-4"),
        (True, "cut-3"),
        (True, "cut-5"),
    ]
    assert audited[-2].detail == {"n_queries": 1, "steps": {"answered_by_data": 1}}


def test_comparing_with_the_same_data_cut_again_changes_nothing(staffed, asked, publish):
    assert publish(CUTS[1], FIXED) == Outcome(1, {Step.ANSWERED_BY_DATA: 1})
    before = life(staffed), read_events(staffed)
    assert publish(CUTS[1], FIXED) is None
    assert publish(CUTS[1], FOUND) is None
    assert (life(staffed), read_events(staffed)) == before
    assert is_reconciled(staffed, "k4care", "cut-2")
    assert not is_reconciled(staffed, "k4care", "cut-1")


def test_a_data_cut_that_says_the_same_leaves_no_trace_in_the_history(staffed, asked, publish):
    assert publish(CUTS[1], FOUND) == Outcome(1, {})
    assert life(staffed) == [(Step.OPENED, State.OPEN, Finding.PRESENT)]
    assert [event.snapshot_id for event in read_events(staffed)] == ["cut-1"]


def test_who_raised_an_error_cannot_close_it_when_the_data_answered(staffed, asked, publish, step):
    publish(CUTS[1], FIXED)
    with pytest.raises(SecondPersonNeeded):
        step(asked, Step.CLOSED, "ada", cut=CUTS[1])
    step(asked, Step.CLOSED, "bo", cut=CUTS[1])
    assert life(staffed)[-1][1] is State.CLOSED


def test_an_issue_closed_while_still_there_stays_closed_as_long_as_it_is_there(staffed, asked, publish, step):
    step(asked, Step.ANSWERED, "bo")
    step(asked, Step.CLOSED, "cy")
    publish(CUTS[1], FOUND)
    assert life(staffed)[-1] == (Step.CLOSED, State.CLOSED, Finding.PRESENT)


def test_what_was_dismissed_stays_dismissed_when_the_issue_returns(staffed, author, publish):
    dismiss_candidates(staffed, [ISSUE], "True value", cut=CUTS[0], author=author("ada"))
    publish(CUTS[1], FIXED)
    publish(CUTS[2], FOUND)
    assert life(staffed) == [
        (Step.DISMISSED, State.DISMISSED, Finding.PRESENT),
        (Step.ISSUE_GONE, State.DISMISSED, Finding.GONE),
        (Step.RETURNED, State.DISMISSED, Finding.PRESENT),
    ]


def test_a_changed_check_that_still_finds_the_issue_is_the_one_to_compare_with_next(staffed, asked, publish):
    publish(CUTS[1], STILL_FOUND_BY_OTHER_CHECK)
    publish(CUTS[2], OTHER_CHECK)
    assert [taken[0] for taken in life(staffed)] == [Step.OPENED, Step.FOUND_AGAIN, Step.ANSWERED_BY_DATA]


def test_what_was_gone_stays_gone_when_the_check_changes_later(staffed, asked, publish):
    publish(CUTS[1], FIXED)
    publish(CUTS[2], OTHER_CHECK)
    assert life(staffed)[-1] == (Step.ANSWERED_BY_DATA, State.ANSWERED, Finding.GONE)


@pytest.mark.parametrize("said", [OTHER_CHECK, VANISHED])
def test_a_query_the_data_cannot_answer_may_be_closed_by_a_person(staffed, asked, publish, step, said):
    publish(CUTS[1], said)
    step(asked, Step.CLOSED, "bo", cut=CUTS[1])
    assert life(staffed)[-1][1] is State.CLOSED


def test_a_patient_who_moves_takes_the_queries_to_the_other_site(staffed, asked, publish):
    publish(CUTS[1], Said(site_id="02"))
    assert life(staffed)[-1] == (Step.MOVED, State.OPEN, Finding.PRESENT)
    south = Scope(study_id="k4care", sites=("02",))
    assert [query.site_id for query in read_queries(staffed, south)] == ["02"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Said(), Finding.PRESENT),
        (Said(is_found=False), Finding.GONE),
        (Said(is_found=False, row="absent"), Finding.ROW_VANISHED),
        (Said(is_found=False, row="absent", check_version="b"), Finding.ROW_VANISHED),
        (Said(is_found=False, row="excluded"), Finding.NOT_RECHECKED),
        (Said(is_found=False, check_version="b"), Finding.NOT_RECHECKED),
        (Said(is_found=False, check_version=None), Finding.NOT_RECHECKED),
        (Said(check_version="b"), Finding.PRESENT),
    ],
)
def test_gone_means_the_same_check_looked_at_the_same_row(said, expected):
    assert judge(said, is_of_check=True, before=Finding.PRESENT, check_version="a") is expected


def test_a_datum_has_no_check_that_could_change():
    said = Said(is_found=False, check_version=None)
    assert judge(said, is_of_check=False, before=Finding.PRESENT, check_version=None) is Finding.GONE


def test_a_query_is_not_raised_on_a_data_cut_that_no_longer_serves(staffed, author, publish):
    publish(CUTS[1], FOUND)
    with pytest.raises(ChangedMeanwhile, match="the data cut that serves"):
        open_queries(staffed, [ISSUE], "?", cut=CUTS[0], author=author("ada"))
    assert read_queries(staffed, SCOPE) == []


def test_a_data_cut_and_an_answer_at_the_same_moment_are_both_kept_or_the_answer_is_told(
    staffed, asked, publish, step, together
):
    errors = together(lambda: publish(CUTS[1], FIXED), lambda: step(asked, Step.ANSWERED, "bo"))
    assert errors[0] is None
    steps = [taken[0] for taken in life(staffed)]
    if errors[1] is None:
        assert steps == [Step.OPENED, Step.ANSWERED, Step.ISSUE_GONE]
    else:
        assert steps == [Step.OPENED, Step.ANSWERED_BY_DATA]


def test_a_query_raised_while_a_data_cut_is_compared_waits_and_is_refused(staffed, author, publish):
    publish(CUTS[0], FOUND)
    with ThreadPoolExecutor(1) as other:
        asked = []

        def look_up(tracked):
            raised = partial(open_queries, staffed, [ISSUE], "?", cut=CUTS[0], author=author("ada"))
            asked.append(other.submit(raised))
            wait(asked, timeout=0.5)
            return {}

        reconcile(staffed, CUTS[1], look_up, now=NOON)
        assert isinstance(asked[0].exception(), ChangedMeanwhile)
    assert read_queries(staffed, SCOPE) == []


def test_two_processes_that_compare_at_the_same_moment_compare_once(staffed, asked, publish, together):
    assert together(*[lambda: publish(CUTS[1], FIXED)] * 4) == [None] * 4
    assert [taken[0] for taken in life(staffed)] == [Step.OPENED, Step.ANSWERED_BY_DATA]


WITHDRAWN = Said(is_found=False, is_consent_withdrawn=True, withdrew_on=date(2026, 2, 20))


def test_a_query_on_a_patient_who_withdrew_consent_is_closed_and_not_answered(staffed, asked, publish, step):
    assert publish(CUTS[1], WITHDRAWN) == Outcome(1, {Step.CONSENT_WITHDRAWN: 1})
    assert publish(CUTS[2], WITHDRAWN) == Outcome(1, {})
    query = read_queries(staffed, SCOPE)[0]
    assert (query.last.state, query.last.finding) == (State.CLOSED, Finding.NOT_RECHECKED)
    assert query.last.detail == {"withdrew_on": "2026-02-20"}
    assert query.is_of_withdrawn
    with pytest.raises(NotAllowedNow, match="withdrew consent"):
        step(asked, Step.REOPENED, "cy", cut=CUTS[2])
    step(asked, Step.COMMENTED, "cy", cut=CUTS[2])
    with pytest.raises(NotAllowedNow, match="withdrew consent"):
        step(asked, Step.REOPENED, "cy", cut=CUTS[2])
    assert read_queries(staffed, SCOPE)[0].is_of_withdrawn


def test_an_answered_query_leaves_the_list_on_withdrawal_and_a_dismissed_one_stays_as_it_ended(
    staffed, asked, publish, step, author
):
    step(asked, Step.ANSWERED, "bo")
    other = replace(ISSUE, row_key="K1 | RX2")
    dismiss_candidates(staffed, [other], "True value", cut=CUTS[0], author=author("ada"))
    assert publish(CUTS[1], WITHDRAWN) == Outcome(2, {Step.CONSENT_WITHDRAWN: 1})
    dismissed, answered = read_queries(staffed, SCOPE)
    assert (answered.is_of_withdrawn, dismissed.is_of_withdrawn) == (True, False)
    assert (dismissed.last.state, dismissed.last.finding) == (State.DISMISSED, Finding.PRESENT)


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_withdrawal_no_longer_recorded_gives_the_query_back_as_it_was(
    staffed, asked, publish, step, is_answered
):
    if is_answered:
        step(asked, Step.ANSWERED, "bo")
    publish(CUTS[1], WITHDRAWN)
    step(asked, Step.COMMENTED, "cy", cut=CUTS[1])
    publish(CUTS[2], FOUND)
    expected = State.ANSWERED if is_answered else State.OPEN
    assert life(staffed)[-1] == (Step.RETURNED, expected, Finding.PRESENT)
    assert read_queries(staffed, SCOPE)[0].last.detail == {"is_consent_again": True}


def test_a_roll_back_to_before_the_withdrawal_gives_the_query_back(staffed, asked, publish):
    publish(CUTS[1], WITHDRAWN)
    publish(CUTS[0], FOUND)
    assert life(staffed)[-1] == (Step.SERVED_AGAIN, State.OPEN, Finding.PRESENT)
    publish(CUTS[1], WITHDRAWN)
    assert life(staffed)[-1][:2] == (Step.CONSENT_WITHDRAWN, State.CLOSED)


def test_a_roll_back_gives_an_answered_query_its_answer_back_and_does_not_reopen_it(
    staffed, asked, publish, step
):
    step(asked, Step.ANSWERED, "bo")
    publish(CUTS[1], FIXED)
    assert life(staffed)[-1] == (Step.ISSUE_GONE, State.ANSWERED, Finding.GONE)
    publish(CUTS[0], FOUND)
    assert life(staffed)[-1] == (Step.SERVED_AGAIN, State.ANSWERED, Finding.PRESENT)
    assert read_queries(staffed, SCOPE)[0].last.detail == {"is_earlier_cut": True, "as_of_version": 2}
    publish(CUTS[1], FIXED)  # the later one serves again
    assert life(staffed)[-1] == (Step.SERVED_AGAIN, State.ANSWERED, Finding.GONE)
    assert "is_earlier_cut" not in read_queries(staffed, SCOPE)[0].last.detail


def test_a_roll_back_undoes_an_answer_by_data_and_a_closing_that_rested_on_it(staffed, asked, publish, step):
    publish(CUTS[1], FIXED)
    step(asked, Step.CLOSED, "bo", cut=CUTS[1])
    publish(CUTS[0], FOUND)
    assert life(staffed)[-1] == (Step.SERVED_AGAIN, State.OPEN, Finding.PRESENT)
    assert [one.step for one in read_queries(staffed, SCOPE)[0].standing] == [
        Step.OPENED,
        Step.CLOSED,
        Step.SERVED_AGAIN,
    ]


def test_an_answer_given_on_the_later_data_cut_outlives_the_roll_back(staffed, asked, publish, step):
    publish(CUTS[1], VANISHED)
    step(asked, Step.ANSWERED, "bo", cut=CUTS[1])
    publish(CUTS[0], FOUND)
    assert life(staffed)[-1] == (Step.SERVED_AGAIN, State.ANSWERED, Finding.PRESENT)


def test_a_roll_back_over_two_data_cuts_undoes_a_reopening_between_them(staffed, asked, publish, step):
    step(asked, Step.ANSWERED, "bo")
    publish(CUTS[1], FIXED)
    publish(CUTS[2], FOUND)
    assert life(staffed)[-1][:2] == (Step.RETURNED, State.REOPENED)
    publish(CUTS[0], FOUND)
    assert life(staffed)[-1] == (Step.SERVED_AGAIN, State.ANSWERED, Finding.PRESENT)


def test_a_query_raised_after_the_data_cut_that_comes_back_keeps_its_state(staffed, author, publish):
    publish(CUTS[0], FOUND)
    publish(CUTS[1], FOUND)
    open_queries(staffed, [ISSUE], "Which date?", cut=CUTS[1], author=author("ada"))
    publish(CUTS[0], FIXED)
    assert life(staffed)[-1] == (Step.SERVED_AGAIN, State.OPEN, Finding.GONE)
    publish(CUTS[1], FOUND)
    assert life(staffed)[-1] == (Step.SERVED_AGAIN, State.OPEN, Finding.PRESENT)


def test_a_patient_no_longer_in_the_extract_is_said_and_answers_nothing(staffed, asked, publish, step):
    publish(CUTS[1], PATIENT_VANISHED)
    (query,) = read_queries(staffed, SCOPE)
    assert query.is_patient_vanished
    publish(CUTS[2], PATIENT_VANISHED)  # nothing new is said
    publish(CUTS[3], VANISHED)  # the patient is back, the row is not
    (query,) = read_queries(staffed, SCOPE)
    assert not query.is_patient_vanished
    publish(CUTS[4], FOUND)
    assert life(staffed) == [
        (Step.OPENED, State.OPEN, Finding.PRESENT),
        (Step.PATIENT_VANISHED, State.OPEN, Finding.ROW_VANISHED),
        (Step.ROW_VANISHED, State.OPEN, Finding.ROW_VANISHED),
        (Step.RETURNED, State.OPEN, Finding.PRESENT),
    ]


def test_a_row_that_vanished_and_then_its_patient_are_two_steps(staffed, asked, publish):
    publish(CUTS[1], VANISHED)
    publish(CUTS[2], PATIENT_VANISHED)
    publish(CUTS[3], FIXED)  # patient and row are back, and the issue is gone
    assert life(staffed)[1:] == [
        (Step.ROW_VANISHED, State.OPEN, Finding.ROW_VANISHED),
        (Step.PATIENT_VANISHED, State.OPEN, Finding.ROW_VANISHED),
        (Step.ANSWERED_BY_DATA, State.ANSWERED, Finding.GONE),
    ]


def test_a_roll_back_to_where_the_patient_was_takes_the_absence_back(staffed, asked, publish):
    publish(CUTS[1], PATIENT_VANISHED)
    publish(CUTS[0], FOUND)
    (query,) = read_queries(staffed, SCOPE)
    assert (query.last.step, query.last.finding) == (Step.SERVED_AGAIN, Finding.PRESENT)
    assert not query.is_patient_vanished


def test_a_query_given_to_somebody_stays_with_them_over_data_cuts_and_roll_backs(
    staffed, asked, publish, author
):
    laboratory = Addressee(kind="laboratory")
    entry = Entry(query_id=asked, step=Step.ASSIGNED, version=1, words="their file", asked_of=laboratory)
    take_step(staffed, entry, scope=SCOPE, cut=CUTS[0], author=author("ada"))
    publish(CUTS[1], FIXED)
    publish(CUTS[0], FOUND)
    (query,) = read_queries(staffed, SCOPE)
    assert (query.asked_of, query.last.state) == (laboratory, State.OPEN)
