"""ctDNA states (clinical-decisions A3): a test per line of its list, bounds just inside, on, outside."""

import pytest

from tests.builders import day
from tests.unit.marts.ctdna.tables import draw, line, maf, rows_of, series

ND = "not_detected"
LINE_1 = (line(1, 0),)  # day 0 is the first dose: a first draw up to day 7 is pre-treatment


def states(*results: tuple[int, float | str], lines: tuple = LINE_1, **extra: list) -> list[str]:
    return rows_of("ctdna_state", "state", {**series(*results), **extra}, lines=lines)


def last(columns: str, *results: tuple[int, float | str], **extra: list) -> object:
    return rows_of("ctdna_state", columns, {**series(*results), **extra}, lines=LINE_1)[-1]


def test_a_patient_without_a_draw_has_one_row_no_sample():
    found = rows_of("ctdna_state", "draw_no, collected_on, state, is_latest, rule", {})
    assert found == [(0, None, "NO_SAMPLE", True, "NO_SAMPLE")]


def test_a_draw_that_was_not_done_is_no_sample():
    assert rows_of("ctdna_state", "draw_no, state", {"ctdna_sample": [draw("S1", 0, "not_done")]}) == [
        (0, "NO_SAMPLE")
    ]


def test_one_valid_sample_is_baseline_only():
    assert last("state, rule", (0, 1000)) == ("BASELINE_ONLY", "BASELINE_ONLY_DETECTED")
    assert last("state, rule", (0, ND)) == ("BASELINE_ONLY", "BASELINE_ONLY_NOT_DETECTED")


def test_never_detected_where_the_first_sample_was_pre_treatment():
    assert states((0, ND), (90, ND), (180, ND)) == ["BASELINE_ONLY", "NEVER_DETECTED", "NEVER_DETECTED"]


@pytest.mark.parametrize(
    ("first", "expected"), [(6, "NEVER_DETECTED"), (7, "NEVER_DETECTED"), (8, "NEVER_DETECTED_ON_TX")]
)
def test_never_detected_on_treatment_where_the_first_sample_was_not_pre_treatment(first, expected):
    assert states((first, ND), (90, ND))[-1] == expected


@pytest.mark.parametrize(
    ("draws", "expected"),
    [
        ((7, 400), "NEVER_DETECTED"),
        # From 28 days before line 2 to 7 days after it began: before another line than the index line.
        ((271, 400), "NEVER_DETECTED_ON_TX"),
        ((272, 400), "NEVER_DETECTED_ON_TX"),
        ((307, 400), "NEVER_DETECTED_ON_TX"),
        ((308, 400), "NEVER_DETECTED_ON_TX"),
        # A baseline need not be the first sample.
        ((-29, 7, 400), "NEVER_DETECTED"),
        ((-29, 8, 400), "NEVER_DETECTED_ON_TX"),
        ((-29, -28), "NEVER_DETECTED"),
    ],
)
def test_never_detected_has_a_baseline_before_the_index_treatment(draws, expected):
    two_lines = (line(1, 0, 250), line(2, 300, 500))
    tables = series(*[(on, ND) for on in draws])
    found = rows_of("ctdna_state", "state, reference", tables, lines=two_lines)[-1]
    assert found == (expected, "BASELINE" if expected == "NEVER_DETECTED" else "FIRST_DRAW")


@pytest.mark.parametrize(("on", "expected"), [(271, "ON_TX"), (272, "ON_TX"), (7, "DETECTED")])
def test_a_new_assay_before_a_later_line_has_no_baseline_either(on, expected):
    samples = [draw("A", -10), draw("B", on, ND, panel="v2"), draw("C", 400, ND, panel="v2")]
    two_lines = (line(1, 0, 250), line(2, 300, 500))
    found = rows_of("ctdna_state", "state", {"ctdna_sample": samples}, lines=two_lines)
    assert found[-1].endswith(expected)


def test_newly_detected_stays_when_clear_again():
    assert states((0, ND), (90, 500), (180, ND), (270, ND), (360, 500)) == [
        "BASELINE_ONLY",
        *["NEWLY_DETECTED"] * 4,
    ]
    assert last("rule", (0, ND), (90, 500), (180, ND)) == "NEWLY_DETECTED_CLEAR_AGAIN"


def test_one_not_detected_sample_is_unconfirmed_clearance():
    assert last("state, n_not_detected_run, run_days, rule", (0, 1000), (90, ND)) == (
        "CLEARED_UNCONFIRMED", 1, 0, "CLEARED_ONE_SAMPLE",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (27, ("CLEARED_UNCONFIRMED", 27, "CLEARED_SHORT_RUN")),
        (28, ("CLEARED_SUSTAINED", 28, "CLEARED_SUSTAINED")),
        (29, ("CLEARED_SUSTAINED", 29, "CLEARED_SUSTAINED")),
    ],
)
def test_clearance_is_sustained_from_a_span_of_28_days(days, expected):
    assert last("state, run_days, rule", (0, 1000), (60, ND), (60 + days, ND)) == expected


def test_the_span_counts_from_the_first_to_the_last_sample_of_the_run():
    found = last("state, n_not_detected_run, run_started_on, run_days", (0, 9), (60, ND), (74, ND), (88, ND))
    assert found == ("CLEARED_SUSTAINED", 3, day(60), 28)


def test_detected_again_after_clearance_then_clear_again_counts_a_new_run():
    results = ((0, 1000), (30, ND), (60, ND), (90, 100), (120, ND), (150, ND))
    assert states(*results) == [
        "BASELINE_ONLY",
        "CLEARED_UNCONFIRMED",
        "CLEARED_SUSTAINED",
        "REDETECTED",
        "CLEARED_UNCONFIRMED",
        "CLEARED_SUSTAINED",
    ]


@pytest.mark.parametrize(("ppm", "expected"), [(499.999, "FALLING"), (500, "FALLING"), (500.001, "STABLE")])
def test_falling_is_at_most_half_the_baseline(ppm, expected):
    assert last("state, direction, rule", (0, 1000), (60, ppm)) == (
        "PERSISTENT",
        expected,
        f"PERSISTENT_{expected}",
    )


@pytest.mark.parametrize(("ppm", "expected"), [(1599.999, "STABLE"), (1600, "RISING"), (1600.001, "RISING")])
def test_rising_is_at_least_twice_the_lowest_so_far(ppm, expected):
    results = ((0, 1000), (30, 800), (60, ppm))
    assert last("state, direction", *results) == ("PERSISTENT", expected)


def test_rising_comes_before_falling():
    assert last("direction, lowest_level_sum", (0, 1000), (30, 100), (60, 200)) == ("RISING", 100)
    assert last("direction", (0, 1000), (30, 100), (60, 199.999)) == "FALLING"


@pytest.mark.parametrize(
    ("loq_ppm", "expected"), [(399.999, "RISING"), (400, "FALLING"), (400.001, "FALLING")]
)
def test_rising_must_lie_above_the_limit_of_quantification(loq_ppm, expected):
    panel = {"panel": "fixed", "assay": "capture", "tracks": "fixed_panel", "loq_ppm": loq_ppm}
    assert last("direction", (0, 1000), (30, 200), (60, 400), assay_panel=[panel]) == expected


def test_the_mean_of_a_tumour_informed_assay_is_compared_exactly():
    # 1000/3 falls to 500/3: exactly a half although neither mean has an end in decimals.
    def tracked(name: str, *ppm: float | None) -> list[dict]:
        return [maf(name, value, f"G{number}", is_tracked=True) for number, value in enumerate(ppm)]

    followed = {"assay": "bespoke", "panel": "followed"}
    tables = {
        "ctdna_sample": [draw("A", 0, **followed), draw("B", 60, **followed), draw("C", 61, **followed)],
        "variant": [
            *tracked("A", 700, 200, 100),
            *tracked("B", 500, None, None),
            *tracked("C", 500, 0.001, None),
        ],
    }
    found = rows_of("ctdna_state", "direction, level_sum, level_n", tables, lines=LINE_1)
    assert [row[0] for row in found] == [None, "FALLING", "STABLE"]
    assert found[1][1:] == (500, 3)


def test_below_loq_counts_as_detected_and_gives_no_ratio():
    assert last("state, direction, rule", (0, 1000), (60, "below_loq")) == (
        "PERSISTENT",
        None,
        "PERSISTENT_NO_RATIO",
    )
    assert states((0, 1000), (60, ND), (90, "below_loq"))[-1] == "REDETECTED"
    assert states((0, ND), (60, "below_loq"))[-1] == "NEWLY_DETECTED"
    assert last("rule", (0, "below_loq"), (60, 1000)) == "PERSISTENT_NO_RATIO"


def test_only_a_persistent_state_has_a_direction():
    assert last("state, direction", (0, 1000), (30, ND), (60, 2500)) == ("REDETECTED", None)
    assert last("state, direction", (0, ND), (30, 1000), (60, 2500)) == ("NEWLY_DETECTED", None)


def test_a_failed_sample_repeats_the_state_before_it():
    found = rows_of(
        "ctdna_state", "state, direction, rule, previous_valid_on, level_sum",
        series((0, 1000), (60, 400), (90, "failed"), (120, "pending")), lines=LINE_1,
    )  # fmt: skip
    assert found[1] == ("PERSISTENT", "FALLING", "PERSISTENT_FALLING", day(0), 400)
    assert found[2] == ("PERSISTENT", "FALLING", "NO_NEW_RESULT", day(60), None)
    assert found[3] == found[2]


def test_a_failed_sample_does_not_break_a_run_of_not_detected_ones():
    assert states((0, 1000), (60, ND), (74, "failed"), (88, ND))[-1] == "CLEARED_SUSTAINED"


def test_only_failed_samples_cannot_be_judged():
    assert last("state, rule", (0, "failed")) == ("NOT_EVALUABLE", "NO_VALID_RESULT_YET")
    assert states((0, "failed"), (30, 1000)) == ["NOT_EVALUABLE", "BASELINE_ONLY"]


def test_a_new_series_with_one_sample_cannot_be_judged_then_is_judged_by_its_own_first_sample():
    samples = [
        draw("A", 0),
        draw("B", 60, ND, panel="v2"),
        draw("C", 90, "failed"),
        draw("D", 120, ND, panel="v2"),
    ]
    found = rows_of("ctdna_state", "state, rule", {"ctdna_sample": samples}, lines=LINE_1)
    assert found == [
        ("BASELINE_ONLY", "BASELINE_ONLY_DETECTED"),
        ("NOT_EVALUABLE", "ASSAY_CHANGED"),
        ("NOT_EVALUABLE", "NO_NEW_RESULT"),
        ("NEVER_DETECTED_ON_TX", "NOT_DETECTED_SINCE_CHANGE"),
    ]


def test_levels_of_two_assays_are_never_compared():
    samples = [draw("A", 0), draw("B", 60, panel="v2"), draw("C", 120, panel="v2")]
    variants = [maf("A", 100), maf("B", 1000), maf("C", 500)]
    found = rows_of(
        "ctdna_state", "state, direction, baseline_level_sum",
        {"ctdna_sample": samples, "variant": variants}, lines=LINE_1,
    )  # fmt: skip
    assert found[2] == ("PERSISTENT", "FALLING", 1000)


def test_the_ratio_counts_from_the_last_pre_treatment_sample():
    # 1000 a month before, 600 on the day of the first dose: 300 is half of 600, 301 is not.
    assert last("direction, baseline_level_sum", (-20, 1000), (0, 600), (60, 300)) == ("FALLING", 600)
    assert last("direction", (-20, 1000), (0, 600), (60, 301)) == "STABLE"


def progression(*results: tuple[int, float | str]) -> list[bool]:
    return rows_of("ctdna_state", "is_molecular_progression", series(*results), lines=LINE_1)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([(0, ND), (60, 100), (90, 200)], [False, True, False]),  # newly detected
        ([(0, 100), (60, ND), (90, 100), (120, ND), (150, 100)], [False, False, True, False, False]),  # again
        ([(0, 100), (60, 50), (90, 100), (120, 300)], [False, False, True, False]),  # rising
        ([(0, 100), (60, 50), (90, ND)], [False, False, False]),
        ([(0, 100), (60, 250), (90, "failed")], [False, True, False]),  # the repeat is no second event
    ],
)
def test_molecular_progression_is_the_first_draw_newly_detected_again_detected_or_rising(results, expected):
    assert progression(*results) == expected


def test_two_samples_on_one_day_are_taken_in_the_order_of_their_identifiers():
    tables = {"ctdna_sample": [draw("B", 60, ND), draw("A", 60, ND), draw("0", 0)]}
    found = rows_of("ctdna_state", "sample_id, state, is_latest", tables, lines=LINE_1)
    assert found == [
        ("0", "BASELINE_ONLY", False),
        ("A", "CLEARED_UNCONFIRMED", False),
        ("B", "CLEARED_UNCONFIRMED", True),
    ]


def test_a_study_may_choose_other_bounds():
    study = {"sustained_days": 60, "falling_numerator": 1, "falling_denominator": 10, "rising_factor": 3}
    assert states((0, 1000), (60, ND), (100, ND), study=[study])[-1] == "CLEARED_UNCONFIRMED"
    assert last("direction", (0, 1000), (60, 500), study=[study]) == "STABLE"
    assert last("direction", (0, 1000), (60, 2500), study=[study]) == "STABLE"


@pytest.mark.parametrize(
    ("first", "expected"),
    [(7, ("BASELINE", "FIRST_OF_ASSAY", "FIRST_OF_ASSAY")), (8, ("FIRST_DRAW", *["FIRST_OF_ASSAY"] * 2))],
)
def test_a_state_says_what_it_compares_with(first, expected):
    """A first draw on day 7 (pre-treatment) or 8 (not), and two of another assay; the failed one repeats."""
    other = {"panel": "v2"}
    samples = [
        draw("A", first),
        draw("B", 90, **other),
        draw("C", 180, **other),
        draw("D", 190, "failed"),
    ]
    found = rows_of("ctdna_state", "reference, reference_draw_no", {"ctdna_sample": samples}, lines=LINE_1)
    assert found == [*zip(expected, (1, 2, 2), strict=True), (expected[-1], 2)]


def test_newly_detected_compares_with_the_first_draw_where_the_baseline_was_detected():
    assert last("state, reference", (-60, ND), (0, 900), (90, 900)) == ("NEWLY_DETECTED", "FIRST_DRAW")
    assert last("state, reference", (-60, ND), (0, ND), (90, 900)) == ("NEWLY_DETECTED", "BASELINE")
    assert last("state, reference", (-60, 900), (0, 900), (90, 900)) == ("PERSISTENT", "BASELINE")
