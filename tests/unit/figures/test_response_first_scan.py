"""Who has no assessment because it is too early, on a table that can be counted by hand."""

import datetime as dt

import pandas as pd
import pytest

from dashboard.figures.response.first_scan import not_assessed, not_assessed_words, too_recent_words

CUT = dt.date(2026, 2, 28)
# The first scan is planned by day 98 of the line.
PLANNED_DAYS = 98


def patients(*rows):
    """(day the line began, response, day from which no scan is expected)."""
    frame = pd.DataFrame(rows, columns=["started_on", "response", "no_scan_from"])
    until = [day + dt.timedelta(days=PLANNED_DAYS) for day in frame["started_on"]]
    return frame.assign(first_scan_until=until, else_calculated=frame["response"])


def day(days_before_cut):
    return CUT - dt.timedelta(days=days_before_cut)


@pytest.mark.parametrize(("days_ago", "too_recent", "due"), [(97, 1, 0), (98, 1, 0), (99, 0, 1)])
def test_a_line_is_too_recent_up_to_the_last_day_planned_for_the_first_scan(days_ago, too_recent, due):
    found = not_assessed(patients((day(days_ago), "MISSING", None)), cut_off=CUT)
    assert (found.n_too_recent, found.n_left, found.n_due) == (too_recent, 0, due)


@pytest.mark.parametrize(("left_on_day", "left", "due"), [(97, 1, 0), (98, 1, 0), (99, 0, 1)])
def test_who_died_or_left_by_that_day_could_not_be_assessed(left_on_day, left, due):
    begun = day(200)
    found = not_assessed(patients((begun, "MISSING", begun + dt.timedelta(days=left_on_day))), cut_off=CUT)
    assert (found.n_too_recent, found.n_left, found.n_due) == (0, left, due)


SIX = patients(
    (day(10), "MISSING", None),
    (day(60), "MISSING", None),
    (day(60), "MISSING", day(5)),
    (day(150), "MISSING", None),
    (day(60), "PR", None),
    (day(300), "SD", None),
)


def test_the_sentence_gives_the_rule_and_the_denominator_and_adds_up():
    found = not_assessed(SIX, cut_off=CUT)
    assert found.n == found.n_too_recent + found.n_left + found.n_due == 4
    assert not_assessed_words(found) == (
        "Not assessed: 4 of 6, in every denominator as not responding. Of these 4, 2 began too recently "
        "for a first assessment (the imaging plan asks for the first scan by day 98 of the line, which is "
        "not past at the data cut), 1 died or left by that day, 1 had the scan due."
    )
    assert too_recent_words(found) == "Of 4 without an assessment, 2 began too recently for a first one."


def test_a_scan_nobody_reported_a_response_to_is_named_among_those_without_an_assessment():
    rows = SIX.assign(else_calculated=["SD", "MISSING", None, "PR", "PR", "SD"])
    found = not_assessed(rows, cut_off=CUT)
    assert (found.n, found.n_unreported) == (4, 2)
    assert not_assessed_words(found).startswith(
        "Not assessed: 4 of 6, in every denominator as not responding. "
        "2 of them had a scan to which nobody reported a response. Of these 4, 2 began"
    )


def test_a_study_that_plans_no_scan_says_only_how_many():
    found = not_assessed(SIX.assign(first_scan_until=None), cut_off=CUT)
    assert not_assessed_words(found) == "Not assessed: 4 of 6, in every denominator as not responding."
    assert too_recent_words(found) == ""


def test_nothing_is_said_where_everybody_was_assessed():
    found = not_assessed(SIX[4:], cut_off=CUT)
    assert (not_assessed_words(found), too_recent_words(found)) == ("", "")
