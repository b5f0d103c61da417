"""ECOG at enrolment (day 0) and at the start of a line (day 100): the last up to it, else the next."""

import pytest

from tests.builders import day, run_mart

PATIENT = [{"patient_id": "P", "enrolled_on": day(0)}]
LINE = [{"patient_id": "P", "line": 2, "started_on": day(100)}]


def at_start(*recorded, columns="origin, line, cast(ecog as integer), days_after", **tables):
    """Rows of the mart; `recorded` are days with the ECOG recorded for them."""
    rows = [
        {"patient_id": "P", "name": "ecog", "measured_on": None if on is None else day(on), "value": value}
        for on, value in recorded
    ]
    given = {"patient": PATIENT, "line_of_therapy": LINE, "measurement": rows, **tables}
    return run_mart("ecog_at_start", given, columns=columns)


@pytest.mark.parametrize(
    ("recorded", "at_enrolment"),
    [
        ([(-10, 1), (-1, 2), (1, 3)], (2, -1)),
        ([(-10, 1), (0, 2), (1, 3)], (2, 0)),
        ([(-90, 1), (1, 3)], (1, -90)),
        ([(1, 3), (5, 2)], (3, 1)),
        ([(29, 3)], (3, 29)),
        ([(None, 3), (29, 2)], (2, 29)),
    ],
    ids=["day before", "same day", "long before", "first after", "late", "without a date"],
)
def test_the_last_up_to_enrolment_counts_and_only_without_one_the_first_after_it(recorded, at_enrolment):
    assert at_start(*recorded, line_of_therapy=[]) == [("ENROLMENT", 0, *at_enrolment)]


def test_each_line_has_its_own():
    assert at_start((0, 1), (100, 2), (101, 3)) == [("ENROLMENT", 0, 1, 0), ("LINE", 2, 2, 0)]


def test_nobody_without_an_ecog_or_an_enrolment_has_a_row():
    assert at_start() == []
    assert at_start((0, 1), patient=[{"patient_id": "P"}], line_of_therapy=[]) == []
    other = [{"patient_id": "P", "name": "cea", "measured_on": day(0), "value": 1}]
    assert at_start(measurement=other) == []
