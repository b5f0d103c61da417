"""Drugs stopped for toxicity while the line went on, on courses of one patient; lines as recorded."""

from typing import Any

import pytest

from tests.builders import Row, day, run_mart

from .courses import course, tables

BOTH = "letrozole + palbociclib"
TOXIC = course(BOTH, 0, 100, line=1, stop_reason="toxicity")


def stopped(
    *courses: Row, columns: str = "drugs, stopped_on, went_on_with", **patient: Any
) -> list[tuple[Any, ...]]:
    given = tables(courses) | {"patient": [{"patient_id": "P", **patient}]}
    return run_mart("stopped_drug", given, columns=columns, order_by="source_key")


def again(agents: str, start: int, end: int | None = None, **more: Any) -> Row:
    """A course of the first line beside the one stopped on day 100."""
    return course(agents, start, end, **{"line": 1, **more})


PALBOCICLIB_STOPPED = [("palbociclib", day(100), "letrozole")]


@pytest.mark.parametrize(
    ("letrozole", "expected"),
    [
        # It was given on for a day, ended on the day of the stop, or the day before.
        (again("letrozole", 0, 101), PALBOCICLIB_STOPPED),
        (again("letrozole", 0, 100), []),
        (again("letrozole", 0, 99), []),
        # It began again for one day: on the day of the stop, or the day after.
        (again("letrozole", 100, 100), []),
        (again("letrozole", 101, 101), PALBOCICLIB_STOPPED),
        # Without a recorded end, unless the record says that it is over.
        (again("letrozole", 0), PALBOCICLIB_STOPPED),
        (again("letrozole", 0, is_ongoing=False), []),
        (again("letrozole", 101, is_ongoing=False), PALBOCICLIB_STOPPED),
        # Of another line.
        (again("letrozole", 101, line=2), []),
    ],
)
def test_a_drug_is_stopped_where_another_of_its_line_was_given_after_the_day_of_the_stop(letrozole, expected):
    assert stopped(TOXIC, letrozole) == expected


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        # Held: every drug of the course was given again on the line, if only for a day.
        ([again(BOTH, 120)], []),
        ([again("letrozole", 101), again("palbociclib", 120, 121)], []),
        # Given again on a later line only.
        ([again("letrozole", 101, 200), course(BOTH, 220, line=2)], PALBOCICLIB_STOPPED),
        # Of both drugs neither came back: the line went on with a third.
        ([again("fulvestrant", 101)], [(BOTH, day(100), "fulvestrant")]),
        ([again("fulvestrant + letrozole", 101)], [("palbociclib", day(100), "fulvestrant + letrozole")]),
        # A supportive drug is no line that goes on.
        ([again("goserelin", 101)], []),
        ([again("goserelin + letrozole", 101)], PALBOCICLIB_STOPPED),
        ([], []),
    ],
)
def test_only_a_drug_that_was_not_given_again_on_the_line_is_stopped(then, expected):
    assert stopped(TOXIC, *then) == expected


@pytest.mark.parametrize(
    ("reason", "n"), [("toxicity", 1), ("planned", 0), ("progression", 0), ("patient_choice", 0), (None, 0)]
)
def test_only_a_stop_recorded_as_for_toxicity_counts(reason, n):
    assert len(stopped(again(BOTH, 0, 100, stop_reason=reason), again("letrozole", 101))) == n


def test_drugs_given_as_courses_of_their_own_are_told_apart():
    alone = again("palbociclib", 0, 100, stop_reason="toxicity")
    assert stopped(alone, again("letrozole", 0)) == PALBOCICLIB_STOPPED


def test_each_course_that_was_stopped_has_its_own_row():
    rows = stopped(
        again("palbociclib", 0, 100, stop_reason="toxicity"),
        again("everolimus", 120, 200, stop_reason="toxicity"),
        again("letrozole", 0),
        columns="line, drugs, stopped_on, went_on_with",
    )
    assert sorted(rows) == [
        (1, "everolimus", day(200), "letrozole"),
        (1, "palbociclib", day(100), "everolimus + letrozole"),
    ]


@pytest.mark.parametrize(("last_day", "n"), [(101, 1), (100, 1), (99, 0)])
def test_a_stop_after_the_last_day_that_may_be_read_has_not_happened(last_day, n):
    assert len(stopped(TOXIC, again("letrozole", 0), observed_until=day(last_day))) == n
