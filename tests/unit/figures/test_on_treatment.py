"""Who goes on when last seen in the swimmer: with the line shown, or with a later one."""

import pandas as pd
import pytest

from dashboard.figures.response.swimmer import swimmer_rows
from dashboard.tables.response_patients import swimmer_table

NO_MARKS = pd.DataFrame(columns=["patient", "response", "months", "is_after_progression"])
PATIENT = {
    "patient_id": "A",
    "line": 1,
    "started_on": pd.Timestamp(2025, 1, 1),
    "next_started_on": pd.NaT,
    "ended_on": pd.NaT,
    "is_ongoing": True,
    "is_later_ongoing": False,
    "is_followed": True,
    "departure": None,
    "died_on": pd.NaT,
    "last_seen_on": pd.Timestamp(2025, 6, 1),
    "response": "SD",
}
STOPPED = {"is_ongoing": False, "ended_on": pd.Timestamp(2025, 3, 1)}
GONE = {"is_followed": False, "departure": "TRANSFERRED"}


@pytest.mark.parametrize(
    ("values", "is_ongoing", "is_transferred", "at_the_end"),
    [
        ({}, True, False, "ongoing"),
        ({"is_ongoing": None}, False, False, "–"),
        (STOPPED, False, False, "–"),
        ({"is_followed": False}, False, False, "–"),
        (GONE, False, True, "transferred to other care"),
        (STOPPED | GONE, False, False, "–"),
        (GONE | {"departure": "DIED", "died_on": pd.Timestamp(2025, 7, 1)}, False, False, "died"),
    ],
)
def test_a_line_goes_on_in_a_patient_still_followed(values, is_ongoing, is_transferred, at_the_end):
    rows = swimmer_rows(pd.DataFrame([PATIENT | values]))
    assert (rows["is_ongoing"][0], rows["is_transferred"][0]) == (is_ongoing, is_transferred)
    assert swimmer_table(rows, NO_MARKS)["At the end"].tolist() == [at_the_end]


@pytest.mark.parametrize(("is_followed", "is_on_later_line"), [(True, True), (False, False)])
def test_who_goes_on_with_a_later_line_is_named_apart(is_followed, is_on_later_line):
    values = STOPPED | {"is_later_ongoing": True, "is_followed": is_followed}
    rows = swimmer_rows(pd.DataFrame([PATIENT | values]))
    assert (rows["is_ongoing"][0], rows["is_on_later_line"][0]) == (False, is_on_later_line)


def test_after_local_therapy_who_has_no_systemic_therapy_goes_on_without():
    local = pd.DataFrame([PATIENT | {"line": 0, "is_ongoing": None}, PATIENT | {"line": 0} | GONE])
    assert swimmer_rows(local)["is_ongoing"].tolist() == [True, False]
