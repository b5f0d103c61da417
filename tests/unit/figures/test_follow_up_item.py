"""Which data issue an overdue row of the follow-up list is, and what tells it from the other rows."""

import datetime as dt

import pytest

from dashboard.figures.follow_up.item import ItemIssue, issue_of, item_key
from dashboard.quality.run import catalogue, chased_checks
from dashboard.tables.follow_up import asked_words

DAY = dt.date(2025, 9, 5)


def row(**columns):
    return {
        "patient_id": "K1",
        "item": "draw_2",
        "kind": "ctdna",
        "of_line": 0,
        "opens_on": DAY,
        "state": "OVERDUE",
        "is_protocol": True,
        "anchor": "enrolment",
        "is_at_progression": False,
        "window_key": "window draw_2 - 0",
        "source_table": "patient",
        "source_key": "K1",
        **columns,
    }


@pytest.mark.parametrize(
    ("columns", "check_id", "column_name"),
    [
        ({}, "DQ36", "window draw_2 - 0"),
        ({"is_at_progression": True}, "DQ58", "window draw_2 - 0"),
        ({"is_protocol": False}, "DQ72", "window draw_2 - 0"),
        (
            {"item": "imaging", "kind": "imaging", "window_key": "window imaging 1 3"},
            "DQ72",
            "window imaging 1 3",
        ),
        ({"item": "vital_status", "kind": "record", "window_key": None}, "DQ14", "contact_on"),
        ({"item": "response", "kind": "record", "window_key": None}, "DQ25", "imaged_on"),
        ({"item": "stop_reason", "kind": "record", "window_key": None}, "DQ72", "stop_reason"),
    ],
)
def test_each_kind_of_item_is_found_by_its_check(columns, check_id, column_name):
    assert issue_of(row(**columns)) == ItemIssue(
        check_id=check_id, table_name="patient", row_key="K1", column_name=column_name
    )
    assert check_id in chased_checks() <= {check.check_id for check in catalogue()}


@pytest.mark.parametrize("state", ["CLOSES_SOON", "DUE_NOW", "NOT_YET_DUE", "CANNOT_TELL"])
def test_what_is_not_overdue_is_no_data_issue(state):
    assert issue_of(row(state=state)) is None


def test_a_window_is_the_same_in_every_data_cut_whatever_record_it_rests_on():
    assert item_key(row()) == item_key(row(source_key="another row", state="DUE_NOW"))
    assert item_key(row()) != item_key(row(opens_on=DAY + dt.timedelta(days=1)))
    assert item_key(row()) != item_key(row(of_line=2))


def test_a_record_is_the_same_by_the_row_it_completes():
    record = {"item": "stop_reason", "kind": "record"}
    assert item_key(row(**record)) != item_key(row(**record, source_key="K1 | RX2"))
    assert item_key(row(**record, opens_on=None)) == "0 |  | K1"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], ""),
        ([DAY], "asked 5 Sep 2025"),
        ([DAY, DAY], "asked 5 Sep 2025, 2 times"),
        ([DAY, dt.date(2025, 9, 9), dt.date(2025, 10, 1)], "asked 1 Oct 2025, 3 times"),
    ],
)
def test_the_last_day_and_how_often(days, words):
    assert asked_words(days) == words
