"""The regimens of a line: in the order in which they were given, and those of its last day."""

import pytest

from tests.builders import day, run_mart

from .courses import course, tables

A, B = "letrozole + palbociclib", "dalpiciclib + letrozole"


def regimens(*courses, progressions=()):
    given = tables(courses, progressions=progressions)
    return run_mart(
        "line_regimen", given, columns="line, regimen, last_regimen, last_regimen_on", order_by="line"
    )


def test_a_switch_within_a_line_names_the_drugs_given_now_and_all_in_their_order():
    """By the alphabet dalpiciclib would come first and palbociclib would be named as given now."""
    assert regimens(course(A, 0, 197), course(B, 201), progressions=()) == [
        (1, f"{A} | {B}", B, day(201)),
    ]


def test_an_ended_line_names_what_ended_last():
    assert regimens(course(A, 0, 100), course("letrozole", 101, 400)) == [
        (1, f"{A} | letrozole", "letrozole", day(101))
    ]


def test_two_courses_that_run_together_are_both_named():
    rows = regimens(course("letrozole", 0), course("palbociclib", 20))
    assert rows == [(1, "letrozole | palbociclib", "letrozole + palbociclib", day(20))]


@pytest.mark.parametrize(("end", "named"), [(None, A), (400, A), (399, A), (401, "letrozole")])
def test_a_course_whose_drugs_all_stand_in_another_is_not_said_twice(end, named):
    """Both run, both end on day 400, letrozole ends a day before, or a day after."""
    other = None if end is None else 400
    assert regimens(course("letrozole", 0, end), course(A, 20, other))[0][2] == named


def test_the_same_regimen_recorded_cycle_by_cycle_is_named_once_from_its_first_dose():
    rows = regimens(course("paclitaxel", 0, 20), course("paclitaxel", 21, 41), course("paclitaxel", 42, 62))
    assert rows == [(1, "paclitaxel", "paclitaxel", day(0))]


def test_a_drug_of_the_line_before_is_named_only_where_it_is_recorded_as_going_on():
    chemotherapy = course("capecitabine", 220)
    stopped, unsaid, kept = (
        regimens(course("fulvestrant", 0, end, is_ongoing=goes_on), chemotherapy, progressions=[200])[1]
        for end, goes_on in ((210, False), (None, None), (None, True))
    )
    assert stopped == unsaid == (2, "capecitabine", "capecitabine", day(220))
    assert kept == (2, "capecitabine", "fulvestrant + capecitabine", day(220))


def test_a_course_without_end_that_does_not_go_on_counts_from_its_start():
    rows = regimens(course(A, 0, 100), course("letrozole", 103, is_ongoing=False))
    assert rows == [(1, f"{A} | letrozole", "letrozole", day(103))]
    assert regimens(course(A, 0, 104), course("letrozole", 103, is_ongoing=False))[0][2] == A


def test_the_summary_of_a_patient_has_the_drugs_given_now():
    given = tables([course(A, 0, 197), course(B, 201)])
    columns = "current_line, line_started_on, current_regimen, regimen_started_on"
    assert run_mart("patient_summary", given, columns=columns) == [(1, day(0), B, day(201))]
