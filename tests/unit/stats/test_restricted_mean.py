import math

import pytest

from dashboard.stats import restricted_mean

from .tables import one_to, table

TOLERANCE = 1e-12


def test_it_is_the_area_under_the_steps() -> None:
    """Deaths at 1, 2, 3, 4 of four: 1 + 3/4 + 1/2 to time 3, and a quarter of the half to come."""
    found = restricted_mean(table(one_to(4)), until=3.5)["all"]
    assert found.mean == pytest.approx(1 + 3 / 4 + 1 / 2 + 1 / 8, abs=TOLERANCE)


def test_without_censoring_it_is_the_mean_of_the_shortened_times() -> None:
    """1, 2, 3, 3 has mean 9/4 and variance 11/16; the standard error is sqrt(11/16 / 4)."""
    found = restricted_mean(table(one_to(4)), until=3)["all"]
    assert found.mean == pytest.approx(9 / 4, abs=TOLERANCE)
    assert found.standard_error == pytest.approx(math.sqrt(11 / 64), abs=TOLERANCE)


@pytest.mark.parametrize(("until", "known"), [(5.9, True), (6, True), (6.1, False)])
def test_it_is_not_estimable_beyond_the_last_patient_seen(until: float, known: bool) -> None:
    found = restricted_mean(table([1, 6], [1, 0]), until=until)["all"]
    assert (found.mean is not None, found.standard_error is not None) == (known, known)


def test_it_goes_on_once_survival_is_zero() -> None:
    assert restricted_mean(table([1, 3]), until=10)["all"].mean == pytest.approx(2, abs=TOLERANCE)


def test_nobody_with_an_event_means_the_whole_time_without_error() -> None:
    found = restricted_mean(table([8, 9], [0, 0]), until=6)["all"]
    assert (found.mean, found.standard_error) == (6, 0)


@pytest.mark.parametrize("until", [0, -1, float("nan")])
def test_a_time_not_above_zero_is_refused(until: float) -> None:
    with pytest.raises(ValueError, match="allowed is a time above 0"):
        restricted_mean(table(one_to(3)), until=until)
