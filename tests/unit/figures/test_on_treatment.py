"""One meaning of "on treatment" for the overview and the swimmer."""

import pandas as pd
import pytest

from dashboard.figures.on_treatment import is_on_treatment
from dashboard.figures.response.swimmer import swimmer_rows

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
        "is_later_ongoing": False,
        "died_on": pd.NaT,
        "last_seen_on": pd.Timestamp(2025, 6, 1),
        "vital_status": status,
        "response": "SD",
    }
    assert list(swimmer_rows(pd.DataFrame([patient]))["is_ongoing"]) == [expected]


def test_who_goes_on_with_a_later_line_is_on_treatment_on_the_overview_and_named_apart_in_the_swimmer():
    day = pd.Timestamp(2025, 1, 1)
    # On line 1; on line 2 now; on line 2 when last seen but lost; off treatment.
    patients = pd.DataFrame(
        {
            "patient_id": ["A", "B", "C", "D"],
            "line": [1, 1, 1, 1],
            "started_on": [day] * 4,
            "next_started_on": pd.to_datetime([None, "2025-03-01", "2025-03-01", None]),
            "ended_on": pd.to_datetime([None, "2025-02-20", "2025-02-20", "2025-02-20"]),
            "is_ongoing": [True, False, False, False],
            "is_later_ongoing": [False, True, True, False],
            "died_on": pd.to_datetime([None] * 4),
            "last_seen_on": [pd.Timestamp(2025, 6, 1)] * 4,
            "vital_status": ["alive", "alive", "lost", "alive"],
            "response": ["SD"] * 4,
        }
    )
    rows = swimmer_rows(patients)
    assert list(rows["is_ongoing"]) == [True, False, False, False]
    assert list(rows["is_on_later_line"]) == [False, True, False, False]
    overview = is_on_treatment(pd.Series([True, True, True, False]), patients["vital_status"])
    assert list(rows["is_ongoing"] | rows["is_on_later_line"]) == list(overview)
