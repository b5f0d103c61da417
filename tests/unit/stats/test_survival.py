import math

import pandas as pd
import pytest

from dashboard.stats import estimate_survival, estimate_survival_at

from .tables import one_to, table

TOLERANCE = 1e-12


def column(frame: pd.DataFrame, name: str) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in frame[name]]


def test_survival_is_the_product_of_the_shares_who_stay() -> None:
    """Of 5 at risk one dies at 1; 4, one dies and one is censored at 2; of 2 one dies at 4."""
    curve = estimate_survival(table([1, 2, 2, 4, 6], [1, 1, 0, 1, 0]))
    assert column(curve, "time") == [0, 1, 2, 4, 6]
    assert column(curve, "survival") == pytest.approx([1, 4 / 5, 3 / 5, 3 / 10, 3 / 10], abs=TOLERANCE)


def test_the_standard_error_is_greenwoods() -> None:
    """One death of 5, then one of 4: 0.6 x sqrt(1/(5x4) + 1/(4x3))."""
    curve = estimate_survival(table([1, 2, 2, 4, 6], [1, 1, 0, 1, 0]))
    assert column(curve, "standard_error")[2] == pytest.approx(
        0.6 * math.sqrt(1 / 20 + 1 / 12), abs=TOLERANCE
    )


def test_without_censoring_the_standard_error_is_the_binomial_one() -> None:
    curve = estimate_survival(table(one_to(10)))
    assert column(curve, "standard_error")[4] == pytest.approx(math.sqrt(0.6 * 0.4 / 10), abs=TOLERANCE)


def test_the_band_of_five_deaths_is_that_of_r() -> None:
    """Reference vector A: 0.2038 to 0.9692 after the first of five deaths."""
    curve = estimate_survival(table(one_to(5)))
    assert column(curve, "lower")[1] == pytest.approx(0.2038, abs=5e-5)
    assert column(curve, "upper")[1] == pytest.approx(0.9692, abs=5e-5)


def test_a_wider_confidence_gives_a_wider_band() -> None:
    narrow, wide = (estimate_survival(table(one_to(5)), confidence=c).iloc[1] for c in (0.90, 0.99))
    assert wide["lower"] < narrow["lower"] < narrow["upper"] < wide["upper"]


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_that_is_no_fraction_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="allowed is a fraction between 0 and 1"):
        estimate_survival(table(one_to(5)), confidence=confidence)


def test_at_survival_one_and_zero_the_band_is_undefined() -> None:
    curve = estimate_survival(table([1, 2, 3], [0, 1, 1]))
    assert column(curve, "survival") == [1, 1, 0.5, 0]
    assert column(curve, "standard_error")[:2] == [0, 0]
    assert column(curve, "standard_error")[3] is None
    assert [value is None for value in column(curve, "lower")] == [True, True, False, True]
    assert [value is None for value in column(curve, "upper")] == [True, True, False, True]


def test_an_undefined_value_is_null_and_never_nan_or_infinite() -> None:
    curve = estimate_survival(table([1, 2, 3], [0, 1, 1]))
    undefined = [curve[name].iloc[3] for name in ("standard_error", "lower", "upper")]
    assert all(value is pd.NA for value in undefined)


def test_delayed_entry_counts_only_those_already_followed() -> None:
    """At 2, one death of two; the third enters at 3; at 5, one death of two: 1/2 x 1/2."""
    curve = estimate_survival(table([2, 5, 8], [1, 1, 0], entries=[0, 0, 3])).set_index("time")
    assert curve["survival"].astype(float).to_dict() == {0: 1, 2: 0.5, 3: 0.5, 5: 0.25, 8: 0.25}


def test_while_nobody_has_entered_yet_survival_is_one() -> None:
    curve = estimate_survival(table([4, 6], [1, 0], entries=[2, 3]))
    assert curve["at_risk"].tolist() == [0, 1, 2, 1]
    assert column(curve, "survival") == [1, 1, 0.5, 0.5]


def test_an_early_risk_set_that_empties_by_a_death_leaves_the_curve_at_zero() -> None:
    curve = estimate_survival(table([1, 5, 6], entries=[0, 2, 2]))
    assert column(curve, "survival") == [1, 0, 0, 0, 0]


def test_groups_are_estimated_apart() -> None:
    both = estimate_survival(table([1, 2, 1, 3], [1, 1, 1, 0], groups=["A", "A", "B", "B"]))
    alone = estimate_survival(table([1, 3], [1, 0], groups=["B", "B"]))
    second = both[both["group"] == "B"].reset_index(drop=True)
    pd.testing.assert_frame_equal(second, alone, check_categorical=False)


def test_a_later_censored_patient_never_lowers_survival_before() -> None:
    before = estimate_survival_at(table([1, 2, 4]), times=[1, 2])["survival"]
    after = estimate_survival_at(table([1, 2, 4, 9], [1, 1, 1, 0]), times=[1, 2])["survival"]
    assert (after >= before).all()


def test_survival_at_a_time_counts_the_event_of_that_very_time() -> None:
    found = estimate_survival_at(table([1, 2, 4, 6], [1, 1, 1, 0]), times=[0, 0.9, 1, 1.1, 6])
    assert column(found, "survival") == pytest.approx([1, 1, 0.75, 0.75, 0.25], abs=TOLERANCE)
    assert found["at_risk"].tolist() == [4, 4, 4, 3, 1]


def test_survival_is_unknown_after_the_last_patient_was_seen() -> None:
    found = estimate_survival_at(table([1, 6], [1, 0]), times=[6, 6.1])
    assert column(found, "survival") == [0.5, None]
    assert column(found, "standard_error")[1] is None


def test_survival_stays_zero_after_the_last_event() -> None:
    assert column(estimate_survival_at(table([1, 6]), times=[6, 60]), "survival") == [0, 0]


def test_no_patient_gives_no_row() -> None:
    assert len(estimate_survival(table([]))) == 0
    assert len(estimate_survival_at(table([]), times=[12])) == 0
