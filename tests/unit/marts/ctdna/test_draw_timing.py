"""Draw timing and baseline (clinical-decisions A2)."""

import pytest

from tests.builders import OBSERVED_UNTIL, day
from tests.unit.marts.ctdna.tables import draw, line, rows_of

LOCAL = {"index_origin": "local_therapy", "draw_baseline_to_day": 0}


def timing(on: int, lines: list, **study: object) -> tuple[object, ...]:
    tables = {"ctdna_sample": [draw("S1", on)], "study": [study]}
    return rows_of("ctdna_level", "draw_timing, timing_line", tables, lines=lines)[0]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (71, ("OFF_TREATMENT", None)),  # 29 days before the start
        (72, ("PRE_TREATMENT", 1)),  # 28 days before
        (73, ("PRE_TREATMENT", 1)),
        (100, ("PRE_TREATMENT", 1)),  # day of the first dose
        (106, ("PRE_TREATMENT", 1)),
        (107, ("PRE_TREATMENT", 1)),  # day 7
        (108, ("ON_TREATMENT", 1)),  # day 8
        (200, ("ON_TREATMENT", 1)),  # day of the last dose
        (201, ("OFF_TREATMENT", None)),
    ],
)
def test_pre_treatment_runs_from_28_days_before_a_line_to_7_days_after_its_start(on, expected):
    assert timing(on, [line(1, 100, 200)]) == expected


def test_a_draw_during_an_ongoing_line_is_on_treatment():
    assert timing(400, [line(1, 0)]) == ("ON_TREATMENT", 1)


def test_without_treatment_dates_the_timing_is_unknown():
    assert timing(10, []) == ("UNKNOWN", None)


def test_before_line_two_pre_treatment_wins_over_on_treatment_and_keeps_line_two():
    assert timing(90, [line(1, 0, 95), line(2, 100)]) == ("PRE_TREATMENT", 2)


def test_of_two_line_starts_round_a_draw_the_nearer_is_kept_and_a_tie_goes_to_the_earlier_line():
    assert timing(5, [line(1, 0, 14), line(2, 15)]) == ("PRE_TREATMENT", 1)
    assert timing(7, [line(1, 0, 9), line(2, 10)]) == ("PRE_TREATMENT", 2)
    assert timing(5, [line(1, 0, 9), line(2, 10)]) == ("PRE_TREATMENT", 1)


def test_a_line_that_starts_after_the_last_observed_day_does_not_count():
    assert timing((OBSERVED_UNTIL - day(0)).days - 5, [line(1, (OBSERVED_UNTIL - day(0)).days + 1)]) == (
        "UNKNOWN",
        None,
    )


def test_a_sample_after_the_last_observed_day_has_no_row():
    tables = {
        "patient": [{"patient_id": "P1", "enrolled_on": day(0), "observed_until": day(30)}],
        "ctdna_sample": [draw("S1", 30), draw("S2", 31)],
    }
    assert rows_of("ctdna_level", "sample_id", tables) == ["S1"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (71, "OFF_TREATMENT"),
        (72, "PRE_TREATMENT"),
        (99, "PRE_TREATMENT"),
        (100, "PRE_TREATMENT"),  # drawn on the day of the first local treatment
        (101, "OFF_TREATMENT"),
    ],
)
def test_in_a_study_of_local_therapy_the_window_ends_on_the_day_of_the_first_treatment(on, expected):
    tables = {"ctdna_sample": [draw("S1", on)], "study": [LOCAL]}
    courses = [
        {"patient_id": "P1", "course": 1, "started_on": day(100)},
        {"patient_id": "P1", "course": 2, "started_on": day(130)},
    ]
    assert rows_of("ctdna_level", "draw_timing", tables, local_courses=courses) == [expected]


def test_the_line_in_force_began_strictly_before_the_draw():
    tables = {"ctdna_sample": [draw("A", 100), draw("B", 101), draw("C", 150)]}
    found = rows_of(
        "ctdna_level", "line, day_of_line", tables, lines=[line(1, 0, 99), line(2, 100, 149), line(3, 150)]
    )
    assert found == [(1, 100), (2, 1), (2, 50)]


def baseline(draws: list, lines: list, enrolled: int = 0) -> list:
    tables = {"patient": [{"patient_id": "P1", "enrolled_on": day(enrolled)}], "ctdna_sample": draws}
    found = rows_of("ctdna_level", "sample_id, is_baseline, baseline_rule", tables, lines=lines)
    return [(sample, rule) for sample, is_baseline, rule in found if is_baseline]


def test_baseline_is_the_last_valid_sample_of_the_pre_treatment_window():
    draws = [draw("A", -20), draw("B", 7), draw("C", 8)]
    assert baseline(draws, [line(1, 0)]) == [("B", "BASELINE_PRE_TREATMENT")]


def test_a_failed_sample_is_no_baseline():
    draws = [draw("A", -20), draw("B", 7, "failed"), draw("C", 8)]
    assert baseline(draws, [line(1, 0)]) == [("A", "BASELINE_PRE_TREATMENT")]


def test_without_pre_treatment_sample_the_first_valid_one_is_the_baseline():
    draws = [draw("A", 80, "failed"), draw("B", 85), draw("C", 170)]
    assert baseline(draws, [line(1, 0)]) == [("B", "BASELINE_FIRST_VALID")]


@pytest.mark.parametrize(
    ("day_drawn", "timing"),
    [
        (7, "PRE_TREATMENT"),
        (8, "ON_TREATMENT"),
        (271, "OFF_TREATMENT"),
        # From 28 days before line 2 to 7 days after it began: before another line than the index line.
        (272, "OTHER_LINE"),
        (307, "OTHER_LINE"),
        (308, "ON_TREATMENT"),
    ],
)
def test_a_first_draw_before_a_later_line_is_not_from_before_the_index_treatment(day_drawn, timing):
    draws = {"ctdna_sample": [draw("A", day_drawn), draw("B", 400)]}
    tables = {"patient": [{"patient_id": "P1", "enrolled_on": day(0)}], **draws}
    found = rows_of("ctdna_level", "baseline_timing", tables, lines=[line(1, 0, 250), line(2, 300, 500)])
    assert found == [timing, None]


def test_index_line_is_the_last_started_up_to_28_days_after_enrolment():
    draws = [draw("A", 0), draw("B", 127), draw("C", 128), draw("D", 129)]
    lines = [line(1, 0, 120), line(2, 128)]
    assert baseline(draws, lines, enrolled=100) == [
        ("D", "BASELINE_PRE_TREATMENT")
    ]  # line 2 on day 28: index
    assert baseline(draws, lines, enrolled=99) == [("A", "BASELINE_PRE_TREATMENT")]  # day 29: line 1 is


def test_where_no_line_started_by_enrolment_plus_28_days_the_first_after_is_the_index_line():
    draws = [draw("A", 60), draw("B", 90), draw("C", 200)]
    assert baseline(draws, [line(1, 90, 150), line(2, 200)]) == [("B", "BASELINE_PRE_TREATMENT")]


@pytest.mark.parametrize(
    ("kind", "modality", "on", "expected"),
    [
        ("surgery", None, 10, (None, False)),  # drawn before the operation that day
        ("surgery", None, 11, (1, True)),
        ("surgery", None, 38, (28, True)),
        ("surgery", None, 39, (29, False)),
        ("ablation", "rfa", 24, (14, True)),
        ("ablation", "rfa", 25, (15, False)),
        ("radiotherapy", "sbrt", 24, (14, True)),
        ("radiotherapy", "sbrt", 25, (15, False)),
        ("radiotherapy", "conventional", 11, (1, False)),
    ],
)
def test_a_draw_soon_after_local_treatment_is_flagged_and_stays_valid(kind, modality, on, expected):
    treatment = {
        "patient_id": "P1", "treatment_id": "T1", "kind": kind, "modality": modality,
        "started_on": day(10), "ended_on": day(10),
    }  # fmt: skip
    tables = {"ctdna_sample": [draw("S1", on)], "treatment": [treatment]}
    assert rows_of("ctdna_level", "days_since_local, is_unreliable, is_valid", tables) == [(*expected, True)]


@pytest.mark.parametrize(
    ("on", "expected"), [(85, False), (86, True), (100, True), (114, True), (115, False)]
)
def test_a_draw_within_14_days_of_a_reported_progression_is_flagged(on, expected):
    progression = {"patient_id": "P1", "assessed_on": day(100), "assessor": "radiologist", "overall": "pd"}
    tables = {"ctdna_sample": [draw("S1", on)], "response": [progression]}
    assert rows_of("ctdna_level", "is_near_progression", tables) == [expected]


def test_a_progression_after_the_last_observed_day_does_not_count():
    progression = {"patient_id": "P1", "assessed_on": day(100), "assessor": "radiologist", "overall": "pd"}
    tables = {
        "patient": [{"patient_id": "P1", "enrolled_on": day(0), "observed_until": day(99)}],
        "ctdna_sample": [draw("S1", 95)],
        "response": [progression],
    }
    assert rows_of("ctdna_level", "is_near_progression", tables) == [False]
