"""Queries in words and numbers: ages at each edge, medians, denominators, and the files for other systems."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.tables.queries import age_days, history_table, queries_table, state_words
from dashboard.tables.query_files import list_csv, openclinica_csv, redcap_csv
from dashboard.tables.query_metrics import QueryDays, is_assessable, metrics_table

TODAY = date(2026, 6, 30)


def query(query_id=1, *, raised=0, answered=None, closed=None, **more):
    """A query raised so many days ago and answered or closed so many days after that."""
    raised_on = TODAY - timedelta(days=raised)
    values = {
        "query_id": query_id,
        "check_id": "DQ18",
        "severity": "warning",
        "issue_group": "please_check",
        "table_name": "treatment",
        "row_key": "K1 | RX1",
        "column_name": "ended_on",
        "patient_id": "K1",
        "site_id": "01",
        "source_file": "treatment.csv",
        "source_row": 3,
        "title": "Treatment ends before it starts",
        "found": "started 3 Feb 2024, ended 5 Jan 2024",
        "question": "Which date is right?",
        "last_words": "",
        "state": "open",
        "finding": "present",
        "last_step": "opened",
        "last_on": raised_on,
        "was_opened": True,
        "raised_on": raised_on,
        "waiting_since": raised_on,
        "first_answer_on": None if answered is None else raised_on + timedelta(days=answered),
        "closed_on": None if closed is None else raised_on + timedelta(days=closed),
        "was_answered_by_data": False,
        "n_reopened": 0,
    }
    if answered is not None:
        values |= {"state": "answered", "last_step": "answered"}
    if closed is not None:
        values |= {"state": "closed", "last_step": "closed"}
    return values | more


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, "0–7 days"),
        (7, "0–7 days"),
        (8, "8–14 days"),
        (14, "8–14 days"),
        (15, "15–30 days"),
        (30, "15–30 days"),
        (31, "over 30 days"),
    ],
)
def test_the_bands_of_age_at_each_edge(days, band):
    assert QueryDays().band_of(days) == band


def test_a_study_sets_when_an_answer_is_expected_and_a_query_late():
    days = QueryDays(answer=5, late=10)
    assert days.bands == ("0–5 days", "6–10 days", "over 10 days")
    assert [days.band_of(age) for age in (5, 6, 10, 11)] == [days.bands[place] for place in (0, 1, 1, 2)]
    asked = [query(1, raised=6), query(2, raised=5), query(3, raised=20, answered=5)]
    row = metrics_table(asked, today=TODAY, days=days).iloc[0]
    # The second may still be answered in time: of the two others one was.
    assert row["First answer within 5 days"] == "1 of 2"


@pytest.mark.parametrize(
    ("state", "age"), [("open", 9), ("reopened", 9), ("answered", None), ("closed", None)]
)
def test_only_a_query_that_waits_has_an_age(state, age):
    assert age_days(query(raised=9, state=state), TODAY) == age


@pytest.mark.parametrize(
    ("raised", "answered", "assessable"), [(14, None, False), (15, None, True), (3, 1, True), (90, 20, True)]
)
def test_in_time_is_known_when_the_answer_came_or_the_days_are_over(raised, answered, assessable):
    assert is_assessable(query(raised=raised, answered=answered), TODAY) is assessable


def test_numbers_by_site_with_their_denominators():
    asked = [
        query(1, raised=2),
        query(2, raised=10),
        query(3, raised=40),
        query(4, raised=20, answered=14),
        query(5, raised=30, answered=15, closed=16, was_answered_by_data=True),
        query(6, raised=30, answered=1, closed=4, n_reopened=1, site_id="02"),
        query(7, raised=5, state="dismissed", was_opened=False, site_id="02"),
    ]
    table = metrics_table(asked, today=TODAY).set_index("Site")
    assert list(table.index) == ["All", "01", "02"]
    assert table.loc["01"].to_dict() == {
        "Raised": 5,
        "Open": 3,
        "Open 0–7 days": 1,
        "Open 8–14 days": 1,
        "Open 15–30 days": 0,
        "Open over 30 days": 1,
        "Median age of open, days": "10",
        "Median days to first answer": "14.5",
        "Median days to closing": "16",
        "First answer within 14 days": "1 of 3",
        "Answered by data": "1 of 5",
        "Reopened": "0 of 5",
    }
    assert table.loc["All", ["Raised", "First answer within 14 days", "Reopened"]].tolist() == [
        6,
        "2 of 4",
        "1 of 6",
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "Open"),
        ({"finding": "row_vanished"}, "Open, row vanished"),
        ({"finding": "row_vanished", "is_patient_vanished": True}, "Open, patient not in the extract"),
        ({"state": "reopened", "finding": "not_rechecked"}, "Reopened, not re-checked"),
        ({"state": "answered", "finding": "gone", "last_step": "answered_by_data"}, "Answered by data"),
        ({"state": "answered", "finding": "gone", "last_step": "commented"}, "Answered, data issue gone"),
    ],
)
def test_the_state_says_what_the_data_say(more, words):
    assert state_words(query(**more)) == words


def test_the_list_has_a_dash_where_there_is_no_patient():
    row = queries_table([query(site_id=None, patient_id=None)], today=TODAY).iloc[0]
    assert (row["Site"], row["Patient"], row["Age"]) == ("–", "–", "0 days")


@pytest.mark.parametrize(
    ("asked_of", "site_id", "cell"),
    [
        ("", "01", "Hanoi"),
        ("Laboratory", "01", "Laboratory (Hanoi)"),
        ("Dr Bo", "02", "Dr Bo (02)"),
        ("Administrator", None, "Administrator"),
    ],
)
def test_the_list_says_who_is_to_answer_where_that_is_not_the_site(asked_of, site_id, cell):
    table = queries_table(
        [query(asked_of=asked_of, site_id=site_id)], today=TODAY, site_names={"01": "Hanoi"}
    )
    assert table["Site"].tolist() == [cell]


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({"asked_of": "laboratory", "name": ""}, "Re-assigned to Laboratory"),
        ({"asked_of": "person", "name": "Dr Bo", "user_id": 2}, "Re-assigned to Dr Bo"),
        ({"asked_of": "site", "name": ""}, "Re-assigned to the site"),
    ],
)
def test_the_history_says_to_whom_a_query_was_given(detail, words):
    step = {
        "at": datetime(2026, 6, 1, 12, 5, tzinfo=UTC),
        "by": "Dr Ada",
        "role": "coordinator",
        "step": "assigned",
        "comment": "their file",
        "detail": detail,
        "cut_off": date(2026, 5, 31),
        "is_of_check": True,
    }
    assert history_table([step]).iloc[0, 1:4].tolist() == ["Dr Ada, coordinator", words, "their file"]


def test_the_history_says_who_or_that_a_data_cut_spoke_and_what_changed():
    step = {
        "at": datetime(2026, 6, 1, 12, 5, tzinfo=UTC),
        "by": None,
        "role": None,
        "step": "answered_by_data",
        "comment": "",
        "detail": {"changes": {"ended_on": ["2024-01-05", None]}},
        "cut_off": date(2026, 5, 31),
        "is_of_check": True,
    }
    person = step | {
        "by": "Dr Ada",
        "role": "coordinator",
        "step": "commented",
        "comment": "Seen.",
        "detail": {},
    }
    table = history_table([step, person])
    assert table.iloc[0].tolist() == [
        "1 Jun 2026, 12:05 UTC",
        "new data cut",
        "Answered by data",
        "The same check looked at the row again and found nothing. ended on: 2024-01-05 → empty",
        "31 May 2026",
    ]
    assert table.iloc[1, 1:4].tolist() == ["Dr Ada, coordinator", "Comment", "Seen."]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            {"step": "served_again", "detail": {"is_earlier_cut": True}},
            ("rolled back to the data cut of 31 May 2026", "The query stands as it stood on this data cut."),
        ),
        (
            {"step": "served_again", "detail": {}},
            ("data cut of 31 May 2026 again", "The query stands as it stood on this data cut."),
        ),
        (
            {"step": "consent_withdrawn", "detail": {"withdrew_on": "2026-05-20"}},
            (
                "new data cut",
                "Consent withdrawn on 20 May 2026. This query no longer applies; nothing is asked of the "
                "site any more.",
            ),
        ),
        (
            {"step": "returned", "detail": {"is_consent_again": True}},
            ("new data cut", "The withdrawal of consent is no longer recorded."),
        ),
    ],
)
def test_the_history_names_a_roll_back_and_a_withdrawal(more, expected):
    step = {
        "at": datetime(2026, 6, 1, 12, 5, tzinfo=UTC),
        "by": None,
        "role": None,
        "comment": "",
        "cut_off": date(2026, 5, 31),
        "is_of_check": True,
    }
    row = history_table([step | more]).iloc[0]
    assert (row["Who"], row["Words"]) == expected


def test_a_query_on_a_patient_who_withdrew_has_no_age_and_is_in_no_number():
    gone = query(2, raised=40, state="not_applicable", withdrew_on=date(2026, 5, 20))
    assert age_days(gone, TODAY) is None
    assert state_words(gone) == "No longer applies: consent withdrawn on 20 May 2026"
    table = metrics_table([query(1, raised=2), gone], today=TODAY).set_index("Site")
    assert (table.loc["01", "Raised"], table.loc["01", "First answer within 14 days"]) == (1, "0 of 0")


def test_sites_have_their_names():
    names = {"01": "Site 01, Hanoi"}
    assert queries_table([query()], today=TODAY, site_names=names).iloc[0]["Site"] == "Site 01, Hanoi"
    assert list(metrics_table([query()], today=TODAY, site_names=names)["Site"]) == ["Site 01, Hanoi"]


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_list_names_study_and_data_cut_and_holds_no_formula():
    text = list_csv(
        [query(question="=HYPERLINK(1)", last_words="-1+2", found="@x")],
        today=TODAY,
        provenance="Study · cut",
    )
    first, _, rest = text.partition("\n")
    assert first == "# Study · cut"
    row = rows_of(rest)[0]
    assert (row["question"], row["last_words"], row["found"]) == ("'=HYPERLINK(1)", "'-1+2", "'@x")
    assert (row["query"], row["state"], row["raised_on"], row["closed_on"]) == ("1", "open", "2026-06-30", "")


def test_redcap_gets_the_open_queries_about_patients_in_the_columns_of_its_module():
    asked = [query(1), query(2, answered=1, raised=3), query(3, patient_id=None), query(4, state="reopened")]
    rows = rows_of(redcap_csv(asked))
    assert list(rows[0]) == [
        "record",
        "event_id",
        "field_name",
        "instance",
        "comment",
        "username",
        "assigned_username",
        "response_requested",
    ]
    assert [row["comment"].partition(".")[0] for row in rows] == ["Query 1", "Query 4"]
    assert (rows[0]["record"], rows[0]["field_name"], rows[0]["event_id"]) == ("K1", "ended_on", "")


def test_openclinica_gets_its_own_words_for_the_states():
    states = ["open", "reopened", "answered", "closed", "dismissed"]
    rows = rows_of(openclinica_csv([query(number, state=state) for number, state in enumerate(states)]))
    assert [row["Status"] for row in rows] == [
        "New",
        "Updated",
        "Resolution Proposed",
        "Closed",
        "Not Applicable",
    ]
    assert {row["Type"] for row in rows} == {"Query"}


def test_no_query_gives_a_file_with_column_names_alone():
    assert list_csv([], today=TODAY, provenance="Study").startswith("# Study\n")
    assert redcap_csv([]).startswith("record,event_id,field_name")
    assert openclinica_csv([]).startswith("Subject ID,Site")
