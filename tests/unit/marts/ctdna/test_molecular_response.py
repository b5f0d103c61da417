"""Change from baseline (clinical-rules 3.4 and vectors 9 H, clinical-decisions A2, A26)."""

import pytest

from tests.unit.marts.ctdna.tables import draw, line, rows_of, series

ND = "not_detected"
CLEAR = {"scheme": "CLEAR", "kind": "clearance"}
MR50 = {"scheme": "MR50", "kind": "fall", "numerator": 1, "denominator": 2, "is_inclusive": True}
STRICT = {**MR50, "scheme": "STRICT50", "is_inclusive": False}
MR90 = {**MR50, "scheme": "MR90", "denominator": 10}
FOUR = {**MR50, "scheme": "FOUR", "kind": "categories"}


def responses(
    *results: tuple[int, float | str], rule: dict, columns: str = "category", first_dose: int = 0
) -> list:
    tables = {**series(*results), "molecular_rule": [rule]}
    return rows_of("molecular_response", columns, tables, lines=[line(1, first_dose)])


@pytest.mark.parametrize(
    ("baseline", "later", "rule", "expected"),
    [
        (20_000, ND, CLEAR, "CLEARED"),  # 2.0 % to not detected
        (ND, ND, CLEAR, "NEVER_DETECTED"),
        (ND, ND, MR50, "NEVER_DETECTED"),
        (10_000, 5_000, MR50, "FALL"),  # 1.0 % to 0.5 %: at most a half
        (10_000, 5_000, STRICT, "NO_FALL"),  # less than a half
        (20_000, "failed", CLEAR, "NOT_EVALUABLE"),
        (20_000, "failed", MR50, "NOT_EVALUABLE"),
    ],
)
def test_vectors_of_clinical_rules_9_h(baseline, later, rule, expected):
    assert responses((0, baseline), (120, later), rule=rule) == [expected]


@pytest.mark.parametrize(
    ("rule", "ppm", "expected"),
    [
        (MR50, 499.999, "FALL"),
        (MR50, 500, "FALL"),
        (MR50, 500.001, "NO_FALL"),
        (STRICT, 499.999, "FALL"),
        (STRICT, 500, "NO_FALL"),
        (MR90, 100, "FALL"),
        (MR90, 100.001, "NO_FALL"),
        (FOUR, 500, "FALL"),
        (FOUR, 500.001, "WITHIN"),
        (FOUR, 1499.999, "WITHIN"),
        (FOUR, 1500, "RISE"),
        (FOUR, ND, "NOT_DETECTED"),
        (MR90, ND, "FALL"),
        (CLEAR, 0.001, "NOT_CLEARED"),
        (CLEAR, "below_loq", "NOT_CLEARED"),
        (MR50, "below_loq", "NOT_EVALUABLE"),  # no ratio
    ],
)
def test_bounds_from_a_baseline_of_1000_ppm(rule, ppm, expected):
    assert responses((0, 1000), (120, ppm), rule=rule) == [expected]


def test_a_baseline_on_treatment_cannot_be_judged():
    for rule in (CLEAR, MR50, FOUR):
        assert responses((7, 1000), (120, ND), rule=rule)[0] != "NOT_EVALUABLE"
        assert responses((8, 1000), (120, ND), rule=rule, columns="category, rule") == [
            ("NOT_EVALUABLE", "RESPONSE_BASELINE_ON_TX")
        ]


def test_not_detected_at_baseline_and_detected_later_is_not_called_never_detected():
    found = responses((0, ND), (90, ND), (120, 500), (150, ND), rule=CLEAR)
    assert found == ["NEVER_DETECTED", "NOT_EVALUABLE", "NOT_EVALUABLE"]


def test_a_sample_before_the_baseline_hides_nothing_of_never_detected():
    found = responses((-40, ND), (-10, ND), (90, ND), rule=CLEAR, columns="category, rule")
    assert found == [("NEVER_DETECTED", "RESPONSE_NEVER_DETECTED")]


@pytest.mark.parametrize(
    ("first", "timing", "category", "rule"),
    [
        (7, "PRE_TREATMENT", "CLEARED", "CLEARANCE_MET"),
        (8, "ON_TREATMENT", "NOT_EVALUABLE", "RESPONSE_BASELINE_ON_TX"),
        # From 28 days before line 2 to 7 days after it began; the index line is line 1.
        (272, "OTHER_LINE", "NOT_EVALUABLE", "RESPONSE_BASELINE_ON_TX"),
        (307, "OTHER_LINE", "NOT_EVALUABLE", "RESPONSE_BASELINE_ON_TX"),
    ],
)
def test_a_first_draw_before_a_later_line_is_no_baseline_to_judge_from(first, timing, category, rule):
    tables = {**series((first, 1000), (400, ND)), "molecular_rule": [CLEAR]}
    lines = [line(1, 0, 250), line(2, 300)]
    found = rows_of("molecular_response", "baseline_timing, category, rule", tables, lines=lines)
    assert found == [(timing, category, rule)]


def test_another_assay_than_at_baseline_cannot_be_judged():
    tables = {"ctdna_sample": [draw("A", 0), draw("B", 90, ND, panel="v2")], "molecular_rule": [CLEAR]}
    found = rows_of("molecular_response", "category, rule", tables, lines=[line(1, 0)])
    assert found == [("NOT_EVALUABLE", "RESPONSE_SERIES_CHANGED")]


def test_samples_before_the_baseline_have_no_row():
    assert responses(
        (-60, 1000), (0, 1000), (90, ND), rule=CLEAR, columns="sample_id, baseline_sample_id"
    ) == [("S3", "S2")]


@pytest.mark.parametrize(("on", "expected"), [(59, False), (60, True), (61, True)])
def test_second_draw_is_the_first_valid_one_from_day_60_after_baseline(on, expected):
    assert responses((0, 1000), (on, ND), rule=CLEAR, columns="is_second_draw") == [expected]


def test_a_failed_sample_is_not_the_second_draw_and_there_is_only_one():
    found = responses(
        (0, 1000), (30, ND), (70, "failed"), (80, ND), (160, ND), rule=CLEAR, columns="is_second_draw"
    )
    assert found == [False, False, True, False]
