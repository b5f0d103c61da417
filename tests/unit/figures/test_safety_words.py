"""What stands below the adverse events: of whom, from when, and what is not counted."""

import pandas as pd
import pytest

from dashboard.figures.safety.request import SafetyRequest
from dashboard.figures.safety.words import (
    safety_caption,
    safety_method,
    silent_laboratory_words,
    silent_lines_words,
)
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


def test_the_method_says_until_when_days_are_at_risk():
    words = safety_method(SafetyRequest(cohort=Cohort(), after_days=30))
    assert "to 30 days after the last dose or until they left the study, whichever comes first" in words


# Two patients in line 2 (1 and 2 years) and one of them in line 3 (half a year): 3.5 years, rounded to 4.
SILENT = pd.DataFrame(
    {
        "patient_id": ["A", "B", "A"],
        "line": ["2", "2", "3"],
        "risk_days": [365.25, 730.5, 182.7],
    }
)


def test_lines_without_an_event_are_named_with_their_patients_and_years():
    assert silent_lines_words(SILENT, recorded=["1"]) == (
        "Lines 2 and 3: no event recorded in 2 and 1 patients (4 patient-years); whether events were "
        "collected there is not known. They are in these denominators: frequencies and rates are lower "
        "bounds; line 1 alone stands under By line."
    )


@pytest.mark.parametrize(
    ("rows", "recorded", "begins", "ends"),
    [
        (
            SILENT.iloc[2:],
            ["1", "2"],
            "Line 3: no event recorded in 1 patient (",
            "; lines 1 and 2 alone stand under By line.",
        ),
        (
            SILENT.iloc[:2],
            [],
            "Line 2: no event recorded in 2 patients (3 patient-years)",
            "are lower bounds.",
        ),
    ],
)
def test_one_line_and_no_line_with_events(rows, recorded, begins, ends):
    words = silent_lines_words(rows, recorded=recorded)
    assert words.startswith(begins)
    assert words.endswith(ends)


def test_beside_laboratory_values_reports_of_such_lines_are_lower_bounds():
    assert silent_laboratory_words(SILENT) == (
        "Lines 2 and 3: no event recorded in 2 and 1 patients (4 patient-years); whether events were "
        "collected there is not known. Their laboratory values are counted here, so that the reported "
        "numbers beside them are lower bounds."
    )
    assert "Its laboratory values" in silent_laboratory_words(SILENT.iloc[2:])
    assert silent_laboratory_words(SILENT.iloc[:0]) == ""


@pytest.mark.parametrize(("days", "said"), [(365.0, "(< 1 "), (365.25, "(1 "), (20.0, "(< 1 ")])
def test_less_than_a_year_is_never_said_to_be_none(days, said):
    words = silent_lines_words(SILENT.iloc[2:].assign(risk_days=days), recorded=[])
    assert f"1 patient {said}patient-years)" in words


def test_where_every_line_has_an_event_nothing_is_said():
    assert silent_lines_words(SILENT.iloc[:0], recorded=["1", "2", "3"]) == ""
