"""After local treatment on day 0 every category of the lead time is said, and whether it is informative."""

import pytest

from tests.unit.marts.statement.patients import draws, lines, local, scans, statements

ND = "not_detected"
AFTER_LOCAL = {
    "index_origin": "local_therapy",
    "response_mode": "post_local_therapy",
    "draw_baseline_to_day": 0,
}
BEFORE, CLEAR = (0, 900), (40, ND)
ON_CTDNA = [{**lines(100)[0], "treatment_id": "T", "start_reason": "ctdna_detection"}]
# No scan without progression before: the bounds leave the order open.
# category: (draws, responses, systemic treatment, rule, informative)
COURSES = {
    "ctDNA first": ((BEFORE, CLEAR, (80, 900)), [(81, "pd")], [], "LEAD_CTDNA_FIRST_NOT_CERTAIN", True),
    "ctDNA first, first detected after": (
        [(0, ND), (80, 900)],
        [(81, "pd")],
        [],
        "LEAD_CTDNA_FIRST_NOT_CERTAIN",
        False,
    ),
    "same day": ((BEFORE, CLEAR, (80, 900)), [(80, "pd")], [], "LEAD_SAME_DAY_NOT_CERTAIN", True),
    "imaging first": ((BEFORE, CLEAR, (80, 900)), [(79, "pd")], [], "LEAD_IMAGING_FIRST_NOT_CERTAIN", True),
    "treated on ctDNA alone": ((BEFORE, CLEAR, (80, 900)), [], ON_CTDNA, "LEAD_TREATED_ON_CTDNA", True),
    "not informative": ([(0, ND), CLEAR], [(80, "pd")], [], "LEAD_NEVER_DETECTED", False),
    "no draw since": ([BEFORE], [(80, "pd")], [], "LEAD_NO_DRAW", True),
    "no event yet": ((BEFORE, CLEAR), [(80, "ned")], [], "LEAD_NO_EVENT", True),
    # The first draw is a day after the local treatment: nothing is known of ctDNA before it.
    "not sampled before": (
        ((1, 900), CLEAR, (80, 900)),
        [(81, "pd")],
        [],
        "LEAD_CTDNA_FIRST_NOT_CERTAIN",
        None,
    ),
    "no result": ([(0, "pending")], [(80, "pd")], [], "LEAD_NO_RESULT", None),
}


def course(drawn, called, systemic):
    treatment = [*local(0), *systemic]
    return {"treatment": treatment, "ctdna_sample": draws(*drawn), "response": scans(*called)}


def lead_time(rows):
    return [(row["rule"], row["is_recorded"]) for row in rows if row["statement"] == "LEAD_TIME"]


@pytest.fixture(scope="module")
def after_local():
    return statements({name: course(*one[:3]) for name, one in COURSES.items()}, settings=AFTER_LOCAL)


@pytest.mark.parametrize("name", COURSES)
def test_every_category_is_said_once_and_whether_it_is_informative(after_local, name):
    assert lead_time(after_local[name]) == [COURSES[name][3:]]


@pytest.mark.parametrize(
    ("name", "is_said"),
    [
        ("not sampled before", True),
        ("ctDNA first, first detected after", False),
        ("ctDNA first", False),
        ("no result", False),
    ],
)
def test_not_sampled_before_is_told_from_not_detected(after_local, name, is_said):
    (row,) = [row for row in after_local[name] if row["statement"] == "LEAD_TIME"]
    assert (row["other_status"] == "not_sampled") is is_said


@pytest.mark.parametrize("before", [ND, 900])
def test_on_a_line_what_has_no_lead_time_is_not_said(before):
    drawn = draws((-5, before), CLEAR)
    assert lead_time(statements({"P": {"treatment": lines(0), "ctdna_sample": drawn}})["P"]) == []


def test_on_a_line_nothing_is_said_of_a_draw_before_local_treatment():
    drawn = draws((-5, 900), CLEAR, (80, 900))
    rows = statements({"P": {"treatment": lines(0), "ctdna_sample": drawn, "response": scans((81, "pd"))}})[
        "P"
    ]
    assert lead_time(rows) == [("LEAD_CTDNA_FIRST_NOT_CERTAIN", None)]


def test_without_local_treatment_there_is_nothing_to_lead():
    rows = statements({"P": {"ctdna_sample": draws(BEFORE, CLEAR)}}, settings=AFTER_LOCAL)["P"]
    assert lead_time(rows) == []
