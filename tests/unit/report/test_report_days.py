"""A day recorded to the month or year only is never named as an exact day."""

import datetime as dt

import pytest

from dashboard.figures.patient.report_days import report_clock
from dashboard.figures.patient.report_words import other_row, progression_free, treatment_row
from dashboard.tables.patient_timeline import Clock

ZERO = dt.date(2023, 1, 11)
# Recorded as "2018-12": held as the last day of the month.
DECEMBER = dt.date(2018, 12, 31)
ROWS = [
    {"subject": "treatment", "day_on": DECEMBER, "precise_to": "month"},
    {"subject": "death", "day_on": dt.date(2024, 12, 31), "precise_to": "year"},
]


@pytest.mark.parametrize(
    ("subjects", "day", "words"),
    [
        (("treatment",), DECEMBER, "≈ Dec 2018"),
        # The same day of something that was recorded to the day.
        (("response",), DECEMBER, "31 Dec 2018"),
        (("treatment",), dt.date(2018, 12, 30), "30 Dec 2018"),
        (("treatment", "death"), dt.date(2024, 12, 31), "≈ 2024"),
        (("treatment",), None, "–"),
    ],
)
def test_only_the_days_of_the_subject_are_about(subjects, day, words):
    assert report_clock(Clock(ZERO), ROWS, subjects=subjects).name(day) == words


def test_in_study_time_the_day_is_about_too():
    clock = report_clock(Clock(ZERO, is_study_time=True), ROWS, subjects=("treatment",))
    assert clock.name(DECEMBER) == "≈ day −1472"
    assert clock.name(ZERO) == "day 0"


def test_an_adjuvant_course_begun_in_a_month_has_the_month():
    clock = report_clock(Clock(ZERO), ROWS, subjects=("treatment",))
    course = {
        "kind": "systemic",
        "intent": "adjuvant",
        "label": "Tamoxifen",
        "modality": None,
        "started_on": DECEMBER,
        "ended_on": dt.date(2022, 11, 28),
        "stop_reason": "progression",
        "is_ongoing": False,
        "places": None,
    }
    row = other_row(course, clock=clock)
    assert row == ("adjuvant", "Tamoxifen", "≈ Dec 2018 to 28 Nov 2022", "–", "–", "progression")


@pytest.mark.parametrize(
    ("inexact", "words"),
    [
        ((), "2.0 months, to progression"),
        ((dt.date(2024, 1, 31),), "≈ 2.0 months, to progression"),
        ((dt.date(2024, 4, 1),), "≈ 2.0 months, to progression"),
        ((dt.date(2024, 2, 29),), "2.0 months, to progression"),
    ],
)
def test_progression_free_time_between_days_of_which_one_is_inexact_is_about(inexact, words):
    line = {
        "line": 1,
        "regimen": "FOLFOX",
        "accompanied_by": None,
        "started_on": dt.date(2024, 1, 31),
        "origin_on": dt.date(2024, 1, 31),
        "ended_on": dt.date(2024, 4, 1),
        "is_ongoing": False,
        "stop_reason": "progression",
        "next_started_on": None,
        "best_response": "PR",
        "progressed_on": dt.date(2024, 4, 1),
        "assessed_on": None,
        "n_pd": 1,
        "died_on": None,
    }
    assert progression_free(line, clock=Clock(ZERO), inexact=inexact) == words
    assert treatment_row(line, clock=Clock(ZERO), inexact=inexact)[4] == words
