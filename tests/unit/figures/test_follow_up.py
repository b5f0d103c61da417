"""The chase list from rows a reader can check: order, choices, counts, weeks and what changed."""

import datetime as dt

import pytest

from dashboard.figures.follow_up.chase_list import chase_counts, overdue_keys
from dashboard.figures.follow_up.request import ChaseRequest, language_of, opens_within, select_rows
from dashboard.figures.follow_up.tables import select_weeks

LAST = dt.date(2026, 2, 28)  # a Saturday
NEW_FROM = dt.date(2026, 1, 5)


def row(patient, state, **values):
    start = {
        "patient_id": patient,
        "site_id": "01",
        "item": "draw_2",
        "of_line": 0,
        "kind": "ctdna",
        "label": "Second blood draw",
        "owner": "site",
        "state": state,
        "opens_on": LAST - dt.timedelta(days=100),
        "closes_on": LAST + dt.timedelta(days=10),
        "observed_until": LAST,
        "source_key": patient,
    }
    return {**start, **values}


def opening(patient, days):
    return row(
        patient,
        "NOT_YET_DUE",
        opens_on=LAST + dt.timedelta(days=days),
        closes_on=LAST + dt.timedelta(days=days + 90),
    )


ROWS = [
    row("A", "OVERDUE"),
    row("A", "OVERDUE", item="imaging", kind="imaging", label="CT", site_id="01"),
    row("B", "OVERDUE", site_id="02"),
    row("C", "CLOSES_SOON"),
    row("D", "DUE_NOW", site_id="02"),
    opening("E", 30),
    opening("F", 31),
    row("G", "CANNOT_TELL", opens_on=None, closes_on=None),
    row("H", "DONE_OUTSIDE_WINDOW"),
    row("I", "CANNOT_BE_OBTAINED", site_id="02"),
]


def patients(**choices):
    return [one["patient_id"] for one in select_rows(ROWS, ChaseRequest(**choices))]


def test_each_view_lists_its_states_in_the_order_of_the_rows():
    assert patients() == ["A", "A", "B", "C", "D"]
    assert patients(view="OVERDUE") == ["A", "A", "B"]
    assert patients(view="DONE_OUTSIDE_WINDOW") == ["H"]
    assert patients(view="CANNOT_BE_OBTAINED") == ["I"]
    assert patients(view="SETTLED") == ["H", "I"]
    assert patients(view="SETTLED", sites=("02",)) == ["I"]
    assert patients(view="CLOSES_SOON") == ["C"]
    assert patients(view="DUE_NOW") == ["D"]
    assert patients(view="CANNOT_TELL") == ["G"]


def test_what_opens_is_listed_up_to_the_last_of_the_days_asked_for():
    assert patients(view="NOT_YET_DUE", within_days=29) == []
    assert patients(view="NOT_YET_DUE", within_days=30) == ["E"]
    assert patients(view="NOT_YET_DUE", within_days=31) == ["E", "F"]
    assert not opens_within(ROWS[0], ChaseRequest(within_days=365))


def test_sites_and_items_narrow_the_list():
    assert patients(sites=("02",)) == ["B", "D"]
    assert patients(items=("CT",)) == ["A"]
    assert patients(items=("CT",), sites=("02",)) == []


def test_the_laboratory_is_asked_for_results_of_all_sites_late_closing_or_without_a_date():
    tubes = [
        row("H", "OVERDUE", owner="laboratory"),
        row("I", "CLOSES_SOON", owner="laboratory", site_id="02"),
        row("J", "DUE_NOW", owner="laboratory"),
        row("K", "CANNOT_TELL", owner="laboratory", item="laboratory_result", opens_on=None, closes_on=None),
        row("L", "NOT_YET_DUE", owner="laboratory"),
    ]
    found = select_rows([*ROWS, *tubes], ChaseRequest(view="LABORATORY"))
    assert [one["patient_id"] for one in found] == ["H", "I", "K"]


def test_the_counts_are_those_of_the_views():
    counts = chase_counts(ROWS, ChaseRequest())
    assert (counts.n_overdue, counts.n_patients_overdue) == (3, 2)
    assert (counts.n_closes_soon, counts.n_due_now, counts.n_opens) == (1, 1, 1)
    assert counts.n_overdue == len(patients(view="OVERDUE"))


def test_the_language_is_the_one_chosen_else_that_of_the_site():
    request = ChaseRequest(site_languages=(("01", "vi"), ("02", "zh")))
    assert [language_of(one, request) for one in (ROWS[0], ROWS[2])] == ["vi", "zh"]
    assert language_of(row("A", "OVERDUE", owner="laboratory"), request) == "en"
    assert language_of(row("A", "OVERDUE", site_id="99"), request) == "en"
    assert language_of(ROWS[0], ChaseRequest(language="zh", site_languages=(("01", "vi"),))) == "zh"


def test_an_item_is_the_same_in_two_data_cuts_by_its_window_or_its_record():
    now = overdue_keys([row("A", "OVERDUE", source_key="A | draw")])
    assert now == overdue_keys([row("A", "OVERDUE", source_key="A")])
    assert now != overdue_keys([row("A", "OVERDUE", opens_on=NEW_FROM)])
    first, second = (
        overdue_keys([row("A", "OVERDUE", kind="record", item="response", source_key=key)])
        for key in ("A | ct", "A | pet_ct")
    )
    assert first != second
    assert overdue_keys([row("A", "DUE_NOW")]) == frozenset()


def weeks(*rows):
    table = select_weeks(rows, cut_off=LAST).set_index("week_on")
    return table[(table != 0).any(axis=1)].to_dict("index")


def test_weeks_begin_on_monday_and_the_first_holds_the_data_cut():
    table = select_weeks([], cut_off=LAST)
    assert len(table) == 13
    assert table["week_on"].iloc[0] == dt.date(2026, 2, 23)
    assert {day.weekday() for day in table["week_on"]} == {0}


@pytest.mark.parametrize(("days", "monday"), [(1, 23), (2, 2), (8, 2), (9, 9)])
def test_a_window_opens_in_the_week_of_its_first_day(days, monday):
    # Day 1 after the data cut is Sunday 1 March, day 2 Monday 2 March, day 8 Sunday 8 March.
    opened = {day for day, counts in weeks(opening("A", days)).items() if counts["n_open"]}
    assert [day.day for day in opened] == [monday]


def test_what_closes_today_is_counted_and_what_closed_before_is_not():
    assert weeks(row("A", "CLOSES_SOON", closes_on=LAST)) == {
        dt.date(2026, 2, 23): {"n_open": 0, "n_close": 1}
    }
    in_grace = row("A", "DUE_NOW", closes_on=LAST - dt.timedelta(days=1))
    assert weeks(in_grace) == {}
    assert weeks(row("A", "OVERDUE", closes_on=LAST)) == {}
