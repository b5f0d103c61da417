import pytest

from dashboard.stats import proportion_interval


@pytest.mark.parametrize(
    ("k", "n", "lower", "upper"),
    [(4, 22, 0.0519, 0.4028), (0, 22, 0.0, 0.1544), (22, 22, 1 - 0.1544, 1.0)],
)
def test_exact_limits(k: int, n: int, lower: float, upper: float) -> None:
    """Reference vector D: Clopper-Pearson."""
    found = proportion_interval(k, n)
    assert found.estimate == k / n
    assert (found.lower, found.upper) == (pytest.approx(lower, abs=5e-5), pytest.approx(upper, abs=5e-5))


def test_all_of_n_has_the_lower_limit_that_can_be_written_down() -> None:
    """All 10 of 10: the lower limit is the tenth root of 0.025."""
    assert proportion_interval(10, 10).lower == pytest.approx(0.025**0.1, abs=1e-12)


def test_the_limits_enclose_the_share() -> None:
    for k in range(31):
        found = proportion_interval(k, 30)
        assert 0 <= found.lower <= found.estimate <= found.upper <= 1


def test_of_nobody_there_is_no_share() -> None:
    found = proportion_interval(0, 0)
    assert (found.estimate, found.lower, found.upper) == (None, None, None)


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5), (0, -1)])
def test_counts_that_cannot_be_are_refused(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="allowed is 0 <= k <= n"):
        proportion_interval(k, n)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_that_is_no_fraction_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="allowed is a fraction between 0 and 1"):
        proportion_interval(1, 5, confidence=confidence)
