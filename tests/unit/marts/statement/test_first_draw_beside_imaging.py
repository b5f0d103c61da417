"""A first draw on treatment stands beside imaging as any other; a baseline before treatment does not (A2).

Line 1 starts on day 0: a draw of day 7 still is a baseline, one of day 8 is none.
"""

import pytest

from tests.unit.marts.statement.patients import draws, lines, scans, statements

ND = "not_detected"
PAIRED = {
    # (draw, its result, day of the scan, response): what is said
    "baseline": ((7, ND, 40, "pd"), set()),
    "on treatment": ((8, ND, 40, "pd"), {"AGREEMENT_PD_NOT_DETECTED"}),
    "last day of the window": ((8, ND, 50, "pd"), {"AGREEMENT_PD_NOT_DETECTED"}),
    "after the window": ((8, ND, 51, "pd"), {"AGREEMENT_NO_PAIR"}),
    "baseline after the window": ((7, ND, 51, "pd"), set()),
    "never detected": ((8, ND, 40, "sd"), {"AGREEMENT_NOT_INFORMATIVE"}),
    "detected": ((8, 900, 40, "sd"), {"AGREEMENT_NO_DIRECTION"}),
    "detected in CR": ((8, 900, 40, "cr"), {"AGREEMENT_DETECTED_IN_CR"}),
}


def course(drawn, result, scanned, overall):
    return {
        "treatment": lines(0),
        "ctdna_sample": draws((drawn, result)),
        "response": scans((scanned, overall)),
    }


@pytest.fixture(scope="module")
def found():
    return statements({name: course(*given) for name, (given, _said) in PAIRED.items()})


@pytest.mark.parametrize("name", PAIRED)
def test_a_first_draw_on_treatment_is_compared_with_imaging_and_a_baseline_is_not(found, name):
    said = {row["rule"] for row in found[name] if row["statement"] == "AGREEMENT" and row["kind"] != "NOTE"}
    assert said == PAIRED[name][1]


@pytest.mark.parametrize(("name", "is_listed"), [("baseline", False), ("on treatment", True)])
def test_what_to_check_beside_progression_stands_with_it(found, name, is_listed):
    assert any(row["kind"] == "NOTE" for row in found[name]) == is_listed
