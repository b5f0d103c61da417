"""What the direction of ctDNA beside imaging compares with: the levels of one line, or the baseline.

Lines start on days 0 and 100. The lowest level, 500, lies on line 1; the draw of day 90 is what line 2
starts from.
"""

import pytest

from tests.builders import day
from tests.unit.marts.statement.patients import draws, lines, scans, statements

BEFORE = ((-5, 5000), (40, 500), (90, 6000))
COURSES = {
    # Twelve times the lowest of all and just under twice that of its own line: the line alone is compared.
    "of its line": (BEFORE, (140, 11999)),
    "risen on its line": (BEFORE, (140, 12000)),
    # Never twice the lowest: against the baseline, as the state is.
    "of the baseline": (((-5, 5000),), (140, 9999)),
    # Not detected is compared with nothing, nor is a first number of its line.
    "not detected": (BEFORE, (140, "not_detected")),
    "first draw": (((8, 5000),), (140, 9999)),
}


def course(before, last):
    scanned = scans((last[0], "sd"))
    return {"treatment": lines(0, 100), "ctdna_sample": draws(*before, last), "response": scanned}


def agreement(rows):
    return next(row for row in rows if row["rule"].startswith("AGREEMENT") and row["kind"] == "SAY")


@pytest.fixture(scope="module")
def said():
    return statements({name: course(*one) for name, one in COURSES.items()})


@pytest.fixture(scope="module")
def basis():
    return statements({name: course(*one) for name, one in COURSES.items()}, mart="patient_statement_basis")


@pytest.mark.parametrize(
    ("name", "line", "code"),
    [
        ("of its line", 2, "STABLE"),
        ("risen on its line", 2, "UP"),
        ("of the baseline", None, "STABLE"),
        ("first draw", None, "STABLE"),
        ("not detected", None, "NOT_DETECTED"),
    ],
)
def test_the_line_stands_beside_a_direction_that_compares_within_it(said, name, line, code):
    row = agreement(said[name])
    assert (row["day_on"], row["line"], row["code"]) == (day(140), line, code)


@pytest.mark.parametrize(
    ("name", "reference"), [("of the baseline", "BASELINE"), ("first draw", "FIRST_DRAW")]
)
def test_the_reference_is_that_of_the_state_at_the_draw_of_the_pair(basis, name, reference):
    assert agreement(basis[name])["reference"] == reference
