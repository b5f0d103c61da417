"""The last target sum is said of the line that judges it: baseline and nadir begin anew (A1)."""

import pytest

from tests.builders import day

from .patients import lines, scans, statements, targets

# Line 1 from day 0 with a baseline of 50 mm and PD on day 60; line 2 from day 100.
PD = (60, "pd")


def said(last: int, *called: tuple[int, str]) -> tuple[object, ...]:
    """The statement of a sum of 80 mm on a day: rule, line, baseline and sum for PD in mm."""
    course = {
        "treatment": lines(0, 100),
        "lesion": targets((-5, 50), (60, 70), (last, 80)),
        "response": scans(*called),
    }
    (row,) = [row for row in statements({"P": course})["P"] if row["statement"] == "TRACE"]
    assert row["day_on"] == day(last)
    return row["rule"], row["line"], row["baseline_tenth_mm"] // 10, row["pd_from_tenth_mm"] // 10


# Day 71 lies before the window of 28 days: taken over from line 1, it is the baseline all the same.
@pytest.mark.parametrize("last", [71, 72, 100, 107])
def test_a_scan_that_is_only_the_baseline_of_the_next_line_is_said_as_that(last):
    assert said(last, PD) == ("TRACE_BASELINE", 2, 80, 96)


def test_the_last_sum_is_said_once_with_the_limit_of_the_last_nadir():
    """100, 65, 60, then 70 mm: PD from 72 mm over the last nadir, not from 78 or 120 mm."""
    course = {"treatment": lines(0), "lesion": targets((-5, 100), (60, 65), (120, 60), (180, 70))}
    found = [row for row in statements({"P": course})["P"] if row["statement"] == "TRACE"]
    assert [(row["sum_tenth_mm"], row["nadir_tenth_mm"], row["pd_from_tenth_mm"]) for row in found] == [
        (700, 600, 720)
    ]


def test_a_scan_called_on_a_line_is_said_of_that_line():
    assert said(100, PD, (100, "pd")) == ("TRACE_PD", 1, 50, 60)


def test_the_first_scan_after_the_window_is_judged_by_the_new_line():
    """Day 108 compares with the sum of day 60, which line 2 takes over from line 1."""
    assert said(108, PD)[1:3] == (2, 70)
