"""Recorded stops that the median time on treatment does not count as ended are named beside it."""

import pandas as pd
import pytest

from dashboard.figures.treatment.lines import stop_words
from dashboard.figures.treatment.request import TreatmentRequest

GOES_ON = {"has_recorded_stop": False, "is_discontinued": False}
DIED = {"has_recorded_stop": False, "is_discontinued": True}
ENDED = {"has_recorded_stop": True, "is_discontinued": True}
WAITS = {"has_recorded_stop": True, "is_discontinued": False}


def said(*rows, **more):
    """The words; each row is followed for 100 days of line 1 from its first unless said otherwise."""
    lines = pd.DataFrame([{"line": 1, "duration_days": 100, "entry_days": 0, **row} for row in rows])
    return stop_words(lines, TreatmentRequest(**more))


def test_a_recorded_stop_not_yet_counted_is_named_by_line():
    words = said(GOES_ON, DIED, ENDED, WAITS, WAITS, {**WAITS, "line": 2})
    joined = "in lines followed after the patient joined"
    assert words.endswith(f"Recorded stops not yet counted: 3 of the 4 {joined} (line 1 2, line 2 1).")


def test_where_every_recorded_stop_counts_that_is_said():
    assert said(GOES_ON, DIED, ENDED).endswith("0 of the 1 in lines followed after the patient joined.")


@pytest.mark.parametrize(("entry", "n"), [(99, 1), (100, 0), (101, 0)])
def test_a_line_that_ended_by_the_day_the_patient_joined_is_not_counted(entry, n):
    assert f"not yet counted: {n} of the {1 + n} in lines followed" in said(
        ENDED, {**WAITS, "entry_days": entry}
    )


def test_the_days_without_a_dose_are_those_of_the_study():
    assert "the last contact is 90 days or more after the last dose" in said(
        ENDED, discontinuation_gap_days=90
    )
