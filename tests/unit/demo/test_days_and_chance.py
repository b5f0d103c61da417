"""Days and seeded draws."""

import datetime as dt

import pytest

from dashboard.demo.chance import even, normal, quota, stream
from dashboard.demo.workdays import as_date, months_after, weekday, weekday_before, working_days_after

FRIDAY, SATURDAY, SUNDAY, MONDAY = (dt.date(2025, 3, day).toordinal() for day in (7, 8, 9, 10))


@pytest.mark.parametrize(
    ("day", "after", "before"),
    [
        (FRIDAY, FRIDAY, FRIDAY),
        (SATURDAY, MONDAY, FRIDAY),
        (SUNDAY, MONDAY, FRIDAY),
        (MONDAY, MONDAY, MONDAY),
    ],
)
def test_a_weekend_moves_to_monday_or_back_to_friday(day, after, before):
    assert (weekday(day), weekday_before(day)) == (after, before)


@pytest.mark.parametrize(
    ("count", "expected"), [(0, (7, 3)), (1, (10, 3)), (5, (14, 3)), (6, (17, 3)), (20, (4, 4))]
)
def test_working_days_leave_out_weekends(count, expected):
    found = as_date(working_days_after(FRIDAY, count))
    assert (found.day, found.month) == expected


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (dt.date(2025, 11, 30), 3, dt.date(2026, 2, 28)),
        (dt.date(2025, 12, 15), 1, dt.date(2026, 1, 15)),
        (dt.date(2025, 1, 31), 12, dt.date(2026, 1, 31)),
        (dt.date(2023, 11, 30), 3, dt.date(2024, 2, 29)),
    ],
)
def test_calendar_months_end_at_the_end_of_a_shorter_month(start, months, expected):
    assert as_date(months_after(start.toordinal(), months)) == expected


def test_a_quota_matches_its_shares_as_closely_as_whole_numbers_can():
    values = quota(stream(1), 10, {"a": 0.5, "b": 0.33, "c": 0.17})
    assert {name: values.count(name) for name in "abc"} == {"a": 5, "b": 3, "c": 2}


def test_even_probabilities_are_spread_over_the_whole_range():
    assert sorted(even(stream(1), 4)) == [0.125, 0.375, 0.625, 0.875]


def test_the_normal_quantile():
    assert normal(0.975) == pytest.approx(1.959964, abs=1e-6)


def test_a_stream_is_repeatable_and_differs_between_patients():
    assert stream(1, 2, 3).random() == stream(1, 2, 3).random()
    assert stream(1, 2, 3).random() != stream(1, 2, 4).random()
