"""Exact Poisson interval of a rate, against R's poisson.test."""

import pytest

from dashboard.stats.rates import rate_interval


@pytest.mark.parametrize(
    ("events", "time", "lower", "upper"),
    [
        # R: poisson.test(0, 10), poisson.test(1, 10), poisson.test(10, 100)
        (0, 10, 0.0, 0.368887945411394),
        (1, 10, 0.00253178079842899, 0.5571643390938898),
        (10, 100, 0.0479538869613243, 0.1839035604201778),
    ],
)
def test_the_interval_equals_that_of_r(events, time, lower, upper):
    found = rate_interval(events, time)
    assert found.estimate == pytest.approx(events / time, abs=1e-12)
    assert found.lower == pytest.approx(lower, abs=1e-9)
    assert found.upper == pytest.approx(upper, abs=1e-9)


def test_a_rate_may_be_per_a_hundred_years():
    found = rate_interval(10, 100, per=100)
    assert (found.estimate, round(found.lower, 4), round(found.upper, 4)) == (10.0, 4.7954, 18.3904)


def test_without_time_there_is_no_rate():
    found = rate_interval(0, 0)
    assert (found.estimate, found.lower, found.upper) == (None, None, None)


@pytest.mark.parametrize(("events", "time", "confidence"), [(-1, 1, 0.95), (1, -1, 0.95), (1, 1, 1.0)])
def test_impossible_input_is_refused_with_what_was_found(events, time, confidence):
    with pytest.raises(ValueError, match=r"is -1|is 1\.0"):
        rate_interval(events, time, confidence=confidence)
