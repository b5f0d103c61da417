"""Which session of local treatment treated metastatic disease: day 45 is 15 February 2024."""

import pytest

from tests.builders import day, run_mart


def sessions(*days, **patient):
    """Course and whether it treated metastatic disease, by session; all are surgery on these study days."""
    given = {
        "patient": [{"patient_id": "P", **patient}],
        "treatment": [
            {"patient_id": "P", "treatment_id": f"S{on}", "kind": "surgery", "started_on": day(on)}
            for on in days
        ],
    }
    return run_mart("local_session", given, columns="started_on, course, is_metastatic")


@pytest.mark.parametrize(
    ("precision", "on", "is_metastatic"),
    [
        ("day", 44, False),
        ("day", 45, True),
        ("month", 30, False),
        ("month", 31, True),
        ("month", 60, True),
        ("year", -1, False),
        ("year", 0, True),
    ],
)
def test_of_a_date_known_to_the_month_or_year_the_first_possible_day_counts(precision, on, is_metastatic):
    patient = {"metastatic_on": day(45), "metastatic_on_precision": precision}
    assert sessions(on, **patient) == [(day(on), 1, is_metastatic)]


def test_without_a_date_of_metastatic_disease_nothing_is_left_out():
    assert sessions(10) == [(day(10), 1, True)]


def test_where_oligometastases_are_studied_courses_begin_with_them():
    patient = {"metastatic_on": day(45), "oligometastatic_on": day(20)}
    assert sessions(19, 20, **patient) == [(day(20), 1, True)]


def test_a_session_belongs_to_the_course_of_those_up_to_60_days_apart():
    assert [row[1] for row in sessions(0, 60, 121)] == [1, 1, 2]
