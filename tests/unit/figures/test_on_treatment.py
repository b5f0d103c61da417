"""One meaning of "on treatment" for the overview and the swimmer."""

import pandas as pd
import pytest

from dashboard.figures.on_treatment import is_on_treatment
from dashboard.figures.response_swimmer import swimmer_rows

CASES = [
    (True, "alive", True),
    (True, "unknown", True),
    (True, "dead", False),
    (True, "withdrawn", False),
    (True, "lost", False),
    (False, "alive", False),
    (None, "alive", False),
]


@pytest.mark.parametrize(("goes_on", "status", "expected"), CASES)
def test_on_treatment_is_a_line_that_goes_on_in_a_patient_still_followed(goes_on, status, expected):
    assert list(is_on_treatment(pd.Series([goes_on]), pd.Series([status]))) == [expected]


@pytest.mark.parametrize(("goes_on", "status", "expected"), CASES)
def test_the_swimmer_means_the_same(goes_on, status, expected):
    patient = {
        "patient_id": "A",
        "line": 1,
        "started_on": pd.Timestamp(2025, 1, 1),
        "next_started_on": pd.NaT,
        "ended_on": pd.NaT if goes_on else pd.Timestamp(2025, 3, 1),
        "is_ongoing": goes_on,
        "died_on": pd.NaT,
        "last_seen_on": pd.Timestamp(2025, 6, 1),
        "vital_status": status,
        "response": "SD",
    }
    assert list(swimmer_rows(pd.DataFrame([patient]))["is_ongoing"]) == [expected]
