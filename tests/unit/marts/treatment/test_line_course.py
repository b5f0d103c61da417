"""Courses given in a line: line 2 begins on day 100, and for 28 days an earlier course is of line 1 only."""

import pytest

from tests.builders import day, run_mart

STUDY = [{"line_combination_days": 28}]


def given(*courses):
    """Rows of the mart; courses are (key, line, first day, last day, goes on)."""
    lines = [{"patient_id": "P", "line": line, "source_key": key} for key, line, *_ in courses]
    drugs = [
        {
            "patient_id": "P",
            "source_key": key,
            "started_on": day(first),
            "ended_on": None if last is None else day(last),
            "goes_on": goes_on,
        }
        for key, _, first, last, goes_on in courses
    ]
    tables = {"study": STUDY, "course_line": lines, "systemic_course": drugs}
    columns = "line, source_key, started_on, is_of_earlier_line"
    return run_mart("line_course", tables, columns=columns)


@pytest.mark.parametrize(
    ("last", "goes_on", "is_part"),
    [(99, False, False), (128, False, False), (129, False, True), (None, True, True), (None, False, False)],
    ids=["ended before", "28 days into it", "29 days into it", "goes on", "end not recorded"],
)
def test_a_course_that_runs_on_past_the_combination_window_is_part_of_the_later_line(last, goes_on, is_part):
    found = given(("A", 1, 0, last, goes_on), ("B", 2, 100, 200, False))
    own = [(1, "A", day(0), False), (2, "B", day(100), False)]
    assert found == sorted([*own, *([(2, "A", day(100), True)] if is_part else [])])


def test_a_later_line_begins_with_the_first_of_its_own_courses():
    found = given(("A", 1, 0, 130, False), ("B", 2, 105, 200, False), ("C", 2, 101, 200, False))
    assert (2, "A", day(101), True) in found


def test_no_course_is_part_of_an_earlier_line():
    found = given(("A", 1, 0, 50, False), ("B", 2, 100, None, True))
    assert [row[:2] for row in found] == [(1, "A"), (2, "B")]
