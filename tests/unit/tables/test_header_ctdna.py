"""The last two ctDNA results in the header: each with its day and LoD, a change only where it may be."""

import pytest

from dashboard.tables.header_strip import AgeLimits, header_cells
from tests.builders import day

# 0.40 % on 31 Jan 2024, then 0.10 % on 1 Mar 2024; mean of 2 variants each, LoD 0.05 % = 500 ppm.
TWO = {
    "observed_until": day(100),
    "last_draw_on": day(60),
    "last_draw_status": "detected",
    "last_quantity_kind": "maf_ppm",
    "last_level_metric": "MEAN",
    "last_level_sum": 2000,
    "last_level_n": 2,
    "last_lod_ppm": 500,
    "is_previous_comparable": True,
    "previous_draw_on": day(30),
    "previous_draw_status": "detected",
    "previous_quantity_kind": "maf_ppm",
    "previous_level_metric": "MEAN",
    "previous_level_sum": 8000,
    "previous_level_n": 2,
    "previous_lod_ppm": 500,
}


def ctdna(*, is_study_time=False, **changes):
    """Value and lines of the cell."""
    known = {**TWO, **changes}
    cells = header_cells(known, limits=AgeLimits(), is_study_time=is_study_time)
    found = next(one for one in cells if one.title == "Last ctDNA")
    return found.value, [line.text for line in found.lines]


def without_level(which, status):
    """A sample without a number: its status, no level, no metric."""
    return {f"{which}_draw_status": status} | {
        f"{which}_level_{part}": None for part in ("sum", "n", "metric")
    }


@pytest.mark.parametrize(
    ("timing", "words"),
    [
        ("PRE_TREATMENT", None),
        (None, None),
        ("ON_TREATMENT", "first valid draw on treatment: no baseline"),
        ("OTHER_LINE", "first valid draw before another line: no baseline"),
        ("OFF_TREATMENT", "first valid draw outside the window before treatment: no baseline"),
        # The line of therapy says that no treatment is recorded.
        ("UNKNOWN", None),
    ],
)
def test_a_first_draw_that_is_no_baseline_says_so_beside_the_result(timing, words):
    lines = [line for line in ctdna(first_draw_timing=timing)[1] if "no baseline" in line]
    assert lines == ([] if words is None else [words])


def test_two_results_of_one_assay_stand_with_days_change_and_limits():
    assert ctdna() == (
        "0.10 %",
        ["1 Mar 2024 · 40 days", "−75.0 % from 0.40 % on 31 Jan 2024", "LoD 0.05 % (both)", "mean MAF"],
    )


@pytest.mark.parametrize(
    ("last_sum", "words"),
    [
        (8000, "0.0 % from 0.40 %"),
        (8008, "+0.1 % from 0.40 %"),
        (79999, "+900.0 % from 0.40 %"),
        (87992, "+999.9 % from 0.40 %"),
        (88000, "+1000 % from 0.40 %"),
    ],
)
def test_a_change_has_its_sign_and_no_decimal_from_a_thousand_on(last_sum, words):
    assert ctdna(last_level_sum=last_sum)[1][1] == f"{words} on 31 Jan 2024"


@pytest.mark.parametrize(
    ("previous_sum", "previous_lod", "words"),
    [
        (1998, 500, "was 0.0999 % on 31 Jan 2024, change not quantifiable near the LoD"),
        (2000, 500, "0.0 % from 0.10 % on 31 Jan 2024"),
        (2002, 500, "−0.1 % from 0.10 % on 31 Jan 2024"),
        (1998, 499.5, "+0.1 % from 0.0999 % on 31 Jan 2024"),
        (1998, None, "+0.1 % from 0.0999 % on 31 Jan 2024"),
    ],
)
def test_from_below_twice_its_lod_no_change_is_stated(previous_sum, previous_lod, words):
    assert ctdna(previous_level_sum=previous_sum, previous_lod_ppm=previous_lod)[1][1] == words


def test_the_limit_of_an_allele_fraction_is_none_for_another_quantity():
    kind = {"last_quantity_kind": "molecules_per_ml", "previous_quantity_kind": "molecules_per_ml"}
    found = ctdna(**kind, previous_level_sum=4, last_level_sum=2)
    assert found[0].startswith("1.00")
    assert found[1][1].startswith("−50.0 % from 2.00")


@pytest.mark.parametrize(
    ("changes", "value", "words"),
    [
        (without_level("last", "not_detected"), "not detected", "was 0.40 % on 31 Jan 2024"),
        (without_level("previous", "not_detected"), "0.10 %", "was not detected on 31 Jan 2024"),
        (
            without_level("last", "not_detected") | without_level("previous", "not_detected"),
            "not detected",
            "was not detected on 31 Jan 2024",
        ),
        (
            without_level("last", "below_loq"),
            "detected, below LoQ",
            "was 0.40 % on 31 Jan 2024, change not quantifiable",
        ),
        (
            without_level("previous", "below_loq"),
            "0.10 %",
            "was detected, below LoQ on 31 Jan 2024, change not quantifiable",
        ),
        (
            {"previous_level_metric": "MAX"},
            "0.10 %",
            "was 0.40 % on 31 Jan 2024, change not quantifiable",
        ),
    ],
)
def test_without_two_numbers_of_one_kind_there_is_no_change(changes, value, words):
    found = ctdna(**changes)
    assert (found[0], found[1][1]) == (value, words)


@pytest.mark.parametrize(
    ("changes", "is_said"),
    [
        ({}, True),
        # Of one variant each there is no mean; of one of the two there is.
        ({"last_level_n": 1, "previous_level_n": 1}, False),
        ({"last_level_n": 1}, True),
        (without_level("last", "not_detected"), True),
        (without_level("last", "not_detected") | {"is_previous_comparable": False}, False),
        ({"last_quantity_kind": "score", "previous_quantity_kind": "score"}, False),
    ],
)
def test_a_mean_of_several_variants_is_called_so(changes, is_said):
    assert ("mean MAF" in ctdna(**changes)[1]) is is_said


def test_across_assays_nothing_is_compared_and_each_has_its_own_limit():
    assert ctdna(is_previous_comparable=False, previous_lod_ppm=1000)[1][1:] == [
        "LoD 0.05 %",
        "mean MAF",
        "earlier assay: 0.40 % on 31 Jan 2024, LoD 0.1 % (not comparable)",
    ]


def test_the_earlier_result_of_another_quantity_keeps_its_own_unit():
    found = ctdna(
        is_previous_comparable=False,
        previous_quantity_kind="molecules_per_ml",
        previous_level_sum=8,
        previous_level_n=2,
    )
    assert found[1][3].startswith("earlier assay: 4.00 mutant molecules per mL on 31 Jan 2024")


def test_one_sample_only_has_its_limit_and_nothing_before():
    alone = {name: None for name in TWO if name.startswith("previous_")}
    assert ctdna(**alone, is_previous_comparable=None) == (
        "0.10 %",
        ["1 Mar 2024 · 40 days", "LoD 0.05 %", "mean MAF"],
    )


@pytest.mark.parametrize(
    ("last", "previous", "words"),
    [
        (500, 500, "LoD 0.05 % (both)"),
        (500, 1000, "LoD 0.05 %, earlier 0.1 %"),
        (500, None, "LoD 0.05 %, earlier not stated"),
        (None, 500, "LoD not stated, earlier 0.05 %"),
    ],
)
def test_each_of_the_two_has_its_limit(last, previous, words):
    assert ctdna(last_lod_ppm=last, previous_lod_ppm=previous)[1][2] == words


def test_limits_that_nobody_stated_take_no_line():
    assert "LoD" not in str(ctdna(last_lod_ppm=None, previous_lod_ppm=None)[1])


def test_in_study_time_the_earlier_sample_has_its_distance_and_no_date():
    assert ctdna(is_study_time=True)[1][:2] == [
        "40 days before the data cut",
        "−75.0 % from 0.40 %, 30 days earlier",
    ]
    assert ctdna(is_study_time=True, is_previous_comparable=False)[1][3] == (
        "earlier assay: 0.40 %, 30 days earlier, LoD 0.05 % (not comparable)"
    )


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        ("FALLING", "falling from baseline"),
        ("STABLE", "little changed from baseline"),
        ("RISING", "rising over the lowest"),
    ],
)
def test_the_direction_of_the_state_says_what_it_compares_with(direction, words):
    found = ctdna(ctdna_direction=direction, ctdna_reference="BASELINE", last_n_variants=4, last_n_detected=3)
    assert found[1][3] == f"mean MAF · 3 of 4 variants · {words}"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"ctdna_falling_days": 336},
            "rising over the lowest quantified of line 1 (×8.0) · "
            "lower at each draw for 336 days within line 3",
        ),
        ({}, "rising over the lowest quantified of line 1 (×8.0) · below ×2 within line 3"),
        (
            {"ctdna_lowest_line": 0},
            "rising over the lowest quantified before line 1 (×8.0) · below ×2 within line 3",
        ),
        # From twice the limit of detection of the lowest on there is a ratio; just under it none.
        ({"ctdna_lowest_lod_ppm": 62}, "rising over the lowest quantified of line 1 (×8.0) · "),
        ({"ctdna_lowest_lod_ppm": 63}, "rising over the lowest of line 1 · below"),
        (
            {"ctdna_line_course": "DETECTED"},
            "rising over the lowest quantified of line 1 (×8.0) · nothing to compare with within line 3",
        ),
        (
            {"ctdna_is_after_line": True},
            "rising over the lowest quantified of line 1 (×8.0) · below ×2 since line 3 began",
        ),
        # Risen on its own line too.
        ({"ctdna_line_course": "UP"}, "rising over the lowest quantified'"),
    ],
)
def test_a_rise_over_an_earlier_line_keeps_the_word_of_its_state(changes, words):
    """1000 over a lowest of 125 parts per million on an earlier line (docs/decisions 0020)."""
    known = {
        "ctdna_direction": "RISING",
        "ctdna_reference": "BASELINE",
        "ctdna_line_course": "STABLE",
        "ctdna_line": 3,
        "rising_factor": 2,
        "ctdna_lowest_line": 1,
        "ctdna_lowest_level_sum": 125,
        "ctdna_lowest_level_n": 1,
        "ctdna_lowest_lod_ppm": 50,
        "last_level_sum": 1000,
        "last_level_n": 1,
    }
    assert words in str(ctdna(**{**known, **changes})[1])


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("BASELINE", "baseline"),
        ("FIRST_DRAW", "first draw"),
        ("FIRST_OF_ASSAY", "first draw of this assay"),
    ],
)
def test_only_a_draw_before_the_index_treatment_is_called_baseline(reference, words):
    assert f"falling from {words}'" in str(ctdna(ctdna_direction="FALLING", ctdna_reference=reference))
    assert "rising over the lowest" in str(ctdna(ctdna_direction="RISING", ctdna_reference=reference))


@pytest.mark.parametrize(
    ("of", "where"),
    [("BASELINE", "at baseline"), ("LOWEST", "at the lowest"), ("PREVIOUS", "in the sample before")],
)
def test_a_highest_maf_that_was_that_of_another_variant_names_both(of, where):
    both = {"last_level_variant": "ESR1 D538G", "other_level_variant": "PIK3CA E545K"}
    _value, lines = ctdna(last_level_metric="MAX", previous_level_metric="MAX", **both, other_level_of=of)
    assert f"now of ESR1 D538G, {where} of PIK3CA E545K" in lines


def test_a_highest_maf_of_one_variant_names_none():
    _value, lines = ctdna(last_level_metric="MAX", previous_level_metric="MAX")
    assert not [line for line in lines if line.startswith("now of")]
