"""Lead time: every category on both sides of its boundary, from day 0 of treatment to day 200."""

import re
from importlib.resources import files

import pandas as pd
import pytest

from dashboard.studies.vocabulary import LEAD_TIME_CATEGORIES
from dashboard.tables.clearance_lead import lead_sentence
from tests.builders import day
from tests.unit.marts.statement.patients import draws, images, lines, local, scans, statements, targets

ND = "not_detected"
BASE = {"treatment": lines(0)}


def second_line(start_reason):
    """Line 1 from day 0, line 2 from day 100 for the reason given."""
    first, second = lines(0, 100)
    return [first, {**second, "start_reason": start_reason}]


# On the index line: detected before treatment and cleared, unless the course says otherwise.
COURSES = {
    "ctdna first": {
        **BASE,
        "ctdna_sample": draws((-5, 5000), (40, ND), (80, 900)),
        "response": scans((-5, "sd"), (60, "pr"), (110, "pd")),
    },
    "same day": {
        **BASE,
        "ctdna_sample": draws((-5, 5000), (40, ND), (110, 900)),
        "response": scans((60, "pr"), (110, "pd")),
    },
    "a day after": {
        **BASE,
        "ctdna_sample": draws((-5, 5000), (40, ND), (111, 900)),
        "response": scans((60, "pr"), (110, "pd")),
    },
    "a day before": {
        **BASE,
        "ctdna_sample": draws((-5, 5000), (40, ND), (109, 900)),
        "response": scans((60, "pr"), (110, "pd")),
    },
    "imaging only": {
        **BASE,
        "ctdna_sample": draws((-5, 5000), (40, ND)),
        "response": scans((60, "pr"), (110, "pd")),
    },
    "imaging, draw only before treatment": {
        **BASE,
        "ctdna_sample": draws((-5, 5000), (0, 5000)),
        "response": scans((60, "pr"), (110, "pd")),
    },
    "imaging, draw one day after the start": {
        **BASE,
        "ctdna_sample": draws((-5, 5000), (1, 5000)),
        "response": scans((60, "pr"), (110, "pd")),
    },
    "one result, the day before the progression": {
        **BASE,
        "ctdna_sample": draws((109, 5000)),
        "response": scans((60, "pr"), (110, "pd")),
    },
    "a second result on the day of the progression": {
        **BASE,
        "ctdna_sample": draws((109, 5000), (110, 5001)),
        "response": scans((60, "pr"), (110, "pd")),
    },
    "a second result the day after the progression": {
        **BASE,
        "ctdna_sample": draws((109, 5000), (111, 5001)),
        "response": scans((60, "pr"), (110, "pd")),
    },
    "risen the day after, once sampled before": {
        **BASE,
        "ctdna_sample": draws((109, 5000), (111, 10_000)),
        "response": scans((60, "pr"), (110, "pd")),
    },
    "no result up to the progression": {
        **BASE,
        "ctdna_sample": draws((111, 5000), (150, 10_000)),
        "response": scans((60, "pr"), (110, "pd")),
    },
    "the second result of another assay": {
        **BASE,
        "ctdna_sample": [
            *draws((-5, 5000)),
            *[{**row, "sample_id": f"N{row['sample_id']}"} for row in draws((40, 9000), panel="own")],
        ],
        "response": scans((60, "pr"), (110, "pd")),
    },
    "ctdna first so far": {
        **BASE,
        "ctdna_sample": draws((-5, 5000), (40, ND), (80, 900)),
        "response": scans((60, "pr"), (81, "sd")),
    },
    "no scan after": {
        **BASE,
        "ctdna_sample": draws((-5, 5000), (40, ND), (80, 900)),
        "response": scans((60, "pr"), (80, "sd")),
    },
    "scan not evaluable after": {
        **BASE,
        "ctdna_sample": draws((-5, 5000), (40, ND), (80, 900)),
        "response": scans((60, "pr"), (90, "ne")),
    },
    "clinical progression is not imaging": {
        **BASE,
        "ctdna_sample": draws((-5, 5000), (40, ND), (80, 900)),
        "response": [*scans((60, "pr")), *scans((90, "pd"), basis="clinical"), *scans((95, "sd"))],
    },
    "no event": {**BASE, "ctdna_sample": draws((-5, 5000), (40, ND)), "response": scans((60, "pr"))},
    "never detected": {
        **BASE,
        "ctdna_sample": draws((-5, ND), (40, ND)),
        "response": scans((60, "sd"), (110, "pd")),
    },
    "newly detected": {
        **BASE,
        "ctdna_sample": draws((-5, ND), (40, 900)),
        "response": scans((30, "sd"), (110, "pd")),
    },
    "no result": {**BASE, "ctdna_sample": draws((-5, "failed")), "response": scans((110, "pd"))},
    "no line": {"ctdna_sample": draws((-5, 5000))},
    "treated on ctDNA": {
        "treatment": second_line("ctdna_detection"),
        "ctdna_sample": draws((-5, 5000), (40, ND), (80, 900)),
        "response": scans((60, "pr")),
    },
    "treated on ctDNA, progression the day before": {
        "treatment": second_line("ctdna_detection"),
        "ctdna_sample": draws((-5, 5000), (40, ND), (80, 900)),
        "response": scans((60, "pr"), (99, "pd")),
    },
    "treated on ctDNA, progression on that day": {
        "treatment": second_line("ctdna_detection"),
        "ctdna_sample": draws((-5, 5000), (40, ND), (80, 900)),
        "response": scans((60, "pr"), (100, "pd")),
    },
    "treated on ctDNA, progression the day after": {
        "treatment": second_line("ctdna_detection"),
        "ctdna_sample": draws((-5, 5000), (40, ND), (80, 900)),
        "response": scans((60, "pr"), (101, "pd")),
    },
    "treated on imaging and ctDNA": {
        "treatment": second_line("imaging_and_ctdna"),
        "ctdna_sample": draws((-5, 5000), (40, ND), (80, 900)),
        "response": scans((60, "pr")),
    },
    "progression on the last day of the line": {
        "treatment": lines(0, 100),
        "ctdna_sample": draws((-5, 5000), (40, ND)),
        "response": scans((60, "pr"), (100, "pd")),
    },
    "progression on the next line": {
        "treatment": lines(0, 100),
        "ctdna_sample": draws((-5, 5000), (40, ND)),
        "response": scans((60, "pr"), (101, "pd")),
    },
}
EXPECTED = {
    "ctdna first": ("CTDNA_FIRST", 30, -20, 70),
    "same day": ("SAME_DAY", 0, -50, 70),
    "a day after": ("IMAGING_FIRST", -1, -51, 70),
    "a day before": ("CTDNA_FIRST", 1, -49, 70),
    "imaging only": ("IMAGING_FIRST", None, None, 70),
    "imaging, draw only before treatment": ("NOT_INFORMATIVE", None, None, None),
    "imaging, draw one day after the start": ("IMAGING_FIRST", None, None, 109),
    "one result, the day before the progression": ("NOT_INFORMATIVE", None, None, None),
    "a second result on the day of the progression": ("IMAGING_FIRST", None, None, 0),
    # Not risen at a second draw after the progression: imaging came first.
    "a second result the day after the progression": ("IMAGING_FIRST", None, None, -1),
    # Both were seen: the bounds say that either may have come first.
    "risen the day after, once sampled before": ("IMAGING_FIRST", -1, -51, 1),
    "no result up to the progression": ("NOT_INFORMATIVE", None, None, None),
    "the second result of another assay": ("NOT_INFORMATIVE", None, None, None),
    "ctdna first so far": ("CTDNA_FIRST", None, 1, None),
    "no scan after": ("CTDNA_FIRST", None, 0, None),
    "scan not evaluable after": ("CTDNA_FIRST", None, -20, None),
    "clinical progression is not imaging": ("CTDNA_FIRST", None, 15, None),
    "no event": ("NO_EVENT_YET", None, None, None),
    "never detected": ("NOT_INFORMATIVE", None, None, None),
    "newly detected": ("CTDNA_FIRST", 70, -10, 115),
    "no result": ("NOT_INFORMATIVE", None, None, None),
    "no line": ("NOT_INFORMATIVE", None, None, None),
    "treated on ctDNA": ("TREATED_ON_CTDNA_ALONE", None, None, None),
    "treated on ctDNA, progression the day before": ("CTDNA_FIRST", 19, -20, 59),
    "treated on ctDNA, progression on that day": ("CTDNA_FIRST", 20, -20, 60),
    "treated on ctDNA, progression the day after": ("TREATED_ON_CTDNA_ALONE", None, None, None),
    "treated on imaging and ctDNA": ("CTDNA_FIRST", None, -20, None),
    "progression on the last day of the line": ("IMAGING_FIRST", None, None, 60),
    "progression on the next line": ("NO_EVENT_YET", None, None, None),
}
RULES = {
    "ctdna first so far": "LEAD_CTDNA_FIRST_SO_FAR",
    "no scan after": "LEAD_CTDNA_FIRST_NO_SCAN",
    "imaging only": "LEAD_IMAGING_ONLY",
    "imaging, draw only before treatment": "LEAD_NO_DRAW",
    "one result, the day before the progression": "LEAD_ONE_RESULT",
    "a second result the day after the progression": "LEAD_IMAGING_ONLY",
    "a second result on the day of the progression": "LEAD_IMAGING_ONLY",
    "risen the day after, once sampled before": "LEAD_IMAGING_FIRST",
    "no result up to the progression": "LEAD_NOT_COMPARABLE",
    "the second result of another assay": "LEAD_NOT_COMPARABLE",
    "no line": "LEAD_NO_ORIGIN",
    "no result": "LEAD_NO_RESULT",
    "never detected": "LEAD_NEVER_DETECTED",
}


@pytest.fixture(scope="module")
def found():
    return {name: rows[0] for name, rows in statements(COURSES, mart="lead_time").items()}


@pytest.mark.parametrize("name", COURSES)
def test_the_category_and_the_interval_with_its_bounds(found, name):
    row = found[name]
    assert (row["category"], row["lead_days"], row["lower_days"], row["upper_days"]) == EXPECTED[name]


@pytest.mark.parametrize(("name", "rule"), RULES.items())
def test_the_rule_says_why(found, name, rule):
    assert found[name]["rule"] == rule


@pytest.mark.parametrize(("on", "days"), [(1, 109), (109, 1), (110, 0)])
def test_of_one_result_the_days_to_the_progression_are_given(on, days):
    course = {**BASE, "ctdna_sample": draws((on, 5000)), "response": scans((60, "pr"), (110, "pd"))}
    (row,) = statements({"P": course}, mart="lead_time")["P"]
    assert (row["rule"], row["before_imaging_days"]) == ("LEAD_ONE_RESULT", days)


# Line 1 from day 0, cleared on day 40, risen on day 80. Certain is what the bounds say: a scan without
# progression on the day of the draw or later for ctDNA, a sample without a rise from imaging on for imaging.
@pytest.mark.parametrize(
    ("scanned", "lower", "is_certain"),
    [
        (((79, "pr"), (110, "pd")), -1, False),
        (((80, "pr"), (110, "pd")), 0, True),
        (((81, "pr"), (110, "pd")), 1, True),
        (((110, "pd"),), None, False),
        # No progression on imaging yet.
        (((79, "pr"),), -1, False),
        (((80, "pr"),), 0, True),
        (((81, "pr"),), 1, True),
        ((), None, False),
    ],
)
def test_ctdna_first_is_certain_from_a_scan_of_the_same_day_on(scanned, lower, is_certain):
    course = {**BASE, "ctdna_sample": draws((-5, 5000), (40, ND), (80, 900)), "response": scans(*scanned)}
    (row,) = statements({"P": course}, mart="lead_time")["P"]
    assert (row["category"], row["lower_days"], row["is_certain"]) == ("CTDNA_FIRST", lower, is_certain)


@pytest.mark.parametrize("is_seen_later", [True, False])
@pytest.mark.parametrize(("on", "upper", "is_certain"), [(39, -1, True), (40, 0, True), (41, 1, False)])
def test_imaging_first_is_certain_up_to_a_sample_of_the_same_day(on, upper, is_certain, is_seen_later):
    drawn = draws((-5, 5000), (40, ND), *([(80, 900)] if is_seen_later else []))
    course = {**BASE, "ctdna_sample": drawn, "response": scans((on, "pd"))}
    (row,) = statements({"P": course}, mart="lead_time")["P"]
    assert (row["category"], row["upper_days"], row["is_certain"]) == ("IMAGING_FIRST", upper, is_certain)


@pytest.mark.parametrize("name", ["same day", "never detected", "no event", "treated on ctDNA"])
def test_the_same_day_is_no_certain_order_and_without_an_order_there_is_no_such_question(found, name):
    assert found[name]["is_certain"] is (False if name == "same day" else None)


# Enrolled on day 98 for line 2 from day 100; ctDNA of day 125 has risen, imaging shows progression on
# day 130.
# The window of the baseline scan reaches back to day 72, and line 1 has no baseline of its own.
@pytest.mark.parametrize(
    ("scanned", "lower"),
    [
        ({"lesion": targets((97, 30))}, -28),
        # The scan that showed progression on line 1 is the one line 2 is measured from.
        ({"lesion": targets((97, 30)), "before": scans((97, "pd"))}, -28),
        # Before the window the scan is borrowed; it is the baseline all the same.
        ({"lesion": targets((71, 30))}, -54),
        # Of an examination nothing is on record.
        ({"imaging": images(97)}, None),
        ({}, None),
    ],
)
def test_the_baseline_scan_of_the_line_is_one_without_progression_on_it(scanned, lower):
    course = {
        "patient": [{"enrolled_on": day(98)}],
        "treatment": lines(0, 100),
        "ctdna_sample": draws((95, 5000), (125, 10_000)),
        **{name: rows for name, rows in scanned.items() if name != "before"},
        "response": [*scanned.get("before", []), *scans((130, "pd"))],
    }
    (row,) = statements({"P": course}, mart="lead_time")["P"]
    assert (row["line"], row["lead_days"], row["lower_days"]) == (2, 5, lower)
    assert row["is_certain"] is False


def test_informative_means_detected_before_treatment(found):
    assert found["ctdna first"]["is_informative"] is True
    assert found["newly detected"]["is_informative"] is False
    assert found["never detected"]["is_informative"] is False


def test_every_patient_has_one_row(found):
    assert set(found) == set(COURSES)


LOCAL_COURSES = {
    "ctdna first": {
        "treatment": local(0),
        "ctdna_sample": draws((-5, 500), (35, ND), (125, 300)),
        "response": scans((35, "ned"), (125, "ned"), (180, "pd")),
    },
    "two that first were imaging": {
        "treatment": local(0),
        "ctdna_sample": draws((-5, 500), (35, ND), (190, 300)),
        "response": scans((35, "ned"), (180, "pd")),
    },
    "first sample after the local treatment": {
        "treatment": local(0),
        "ctdna_sample": draws((1, 500), (35, ND), (125, 300)),
        "response": scans((35, "ned"), (180, "pd")),
    },
    "sample on the day of the local treatment": {
        "treatment": local(0),
        "ctdna_sample": draws((0, 500), (35, ND), (125, 300)),
        "response": scans((35, "ned"), (180, "pd")),
    },
    "no local treatment": {"ctdna_sample": draws((-5, 500)), "response": scans((180, "pd"))},
}


@pytest.fixture(scope="module")
def after_local():
    settings = {
        "index_origin": "local_therapy",
        "response_mode": "post_local_therapy",
        "draw_baseline_to_day": 0,
    }
    found = statements(LOCAL_COURSES, mart="lead_time", settings=settings)
    return {name: rows[0] for name, rows in found.items()}


def test_after_local_treatment_the_clock_starts_with_the_first_one(after_local):
    row = after_local["ctdna first"]
    assert (row["category"], row["lead_days"], row["lower_days"], row["upper_days"]) == (
        "CTDNA_FIRST",
        55,
        0,
        145,
    )
    assert after_local["two that first were imaging"]["lead_days"] == -10
    assert after_local["no local treatment"]["rule"] == "LEAD_NO_ORIGIN"


def test_a_sample_after_the_local_treatment_does_not_make_a_patient_informative(after_local):
    assert after_local["sample on the day of the local treatment"]["is_informative"] is True
    # Not sampled before is not the same as not detected.
    assert after_local["first sample after the local treatment"]["is_informative"] is None


def test_every_category_of_the_table_has_its_words():
    statement = files("dashboard.marts") / "outcome" / "lead_time.sql"
    shown = statement.read_text(encoding="utf-8").partition("end as varchar\n        ) as category")[0]
    categories = re.findall(r"(?:then|else) '([A-Z_]+)'", shown.rpartition("case\n")[2])
    assert set(categories) == set(LEAD_TIME_CATEGORIES)


# Six patients twice: ctDNA first by 60, 30 and 10 days, imaging first by 5 and 20, one on the same day.
DRAWN_ON = (50, 80, 100, 115, 130, 110)


def test_lead_time_of_three_two_and_one_is_given_with_the_medians_of_its_bounds():
    courses = {
        f"{day} {again}": {
            **BASE,
            "ctdna_sample": draws((-5, 5000), (40, ND), (day, 900)),
            "response": scans((45, "pr"), (110, "pd")),
        }
        for day in DRAWN_ON
        for again in (1, 2)
    }
    rows = [own[0] for own in statements(courses, mart="lead_time").values()]
    known = pd.DataFrame(rows)[["category", "lead_days", "lower_days", "upper_days", "is_certain"]]
    counts = known["category"].value_counts().to_dict()
    assert counts == {"CTDNA_FIRST": 6, "IMAGING_FIRST": 4, "SAME_DAY": 2}
    # Days in order: -20, -5, 0, 10, 30, 60. Lower bound: the scan of day 45 less the day of the draw, so 65
    # less than the days; upper bound: day 110 less the draw of day 40, so 70 for all.
    assert sorted(known["lead_days"]) == [-20, -20, -5, -5, 0, 0, 10, 10, 30, 30, 60, 60]
    assert (known["lead_days"] - known["lower_days"] == 65).all()
    assert (known["upper_days"] == 70).all()
    said = lead_sentence(known, n=12, of_whom="patients", from_assessable=10)
    assert said.startswith(
        "Lead time is assessable in 12 of 12 patients: ctDNA first in 6, same day in 2, imaging first in 4 "
        "(not certain by the bounds: 12); median +5 days (lower bound −60, upper +70; range −20 to +60; "
        "minus: imaging first, never left out)."
    )
