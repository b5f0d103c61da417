"""What stands below the adverse events: of whom, from when, and what is not counted."""

import pandas as pd
import pytest

from dashboard.figures.safety.request import SafetyRequest
from dashboard.figures.safety.words import safety_caption, safety_method
from dashboard.studies.cohort import Cohort

# 1461 days are 4.0 years of 365.25 days; two of three began before they enrolled.
TREATED = pd.DataFrame({"risk_days": [1000, 400, 61], "began_before": [True, True, False]})


def caption(treated=TREATED, **values):
    return safety_caption(treated, SafetyRequest(cohort=Cohort(), **values))


def test_the_caption_says_of_whom_from_when_and_how_many_began_before():
    assert caption() == (
        "3 patients with at least one dose, 4.0 patient-years at risk; events are counted from enrolment on. "
        "2 of the 3 patients began treatment before they enrolled: events before enrolment are not counted."
    )


def test_the_caption_of_a_study_that_collects_from_the_first_dose():
    assert caption(is_from_enrolment=False) == (
        "3 patients with at least one dose, 4.0 patient-years at risk; events are counted from the first "
        "dose on. 2 of the 3 patients began treatment before they enrolled: events before enrolment are "
        "counted as far as they are recorded."
    )


def test_where_nobody_began_before_enrolment_nothing_is_said_of_it():
    assert "before" not in caption(TREATED.iloc[2:])
    assert caption(TREATED.iloc[2:]).startswith("1 patient with at least one dose, 0.2 patient-years")


@pytest.mark.parametrize(
    ("scope", "unit", "began"),
    [
        ("LINE", "2", "began line 2 before"),
        ("DRUG", "palbociclib", "began palbociclib before"),
        ("LOCAL", "LOCAL", "began local treatment before"),
    ],
)
def test_the_caption_says_what_the_patients_began(scope, unit, began):
    assert began in caption(scope=scope, unit=unit)


def test_the_method_says_from_when_days_are_at_risk():
    late = safety_method(SafetyRequest(cohort=Cohort(), after_days=30))
    early = safety_method(SafetyRequest(cohort=Cohort(), is_from_enrolment=False))
    assert "from the first dose or enrolment, whichever is later, to the first onset" in late
    assert "last dose was more than 30 days before enrolment is in no denominator" in late
    assert "at risk, from the first dose to the first onset" in early
    assert "{" not in late + early
