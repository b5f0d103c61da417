"""Median, shares and restricted mean read off a curve that is at hand are those of its table."""

import pandas as pd
import pytest

from dashboard.stats import (
    estimate_median,
    estimate_survival,
    estimate_survival_at,
    quantiles_of,
    restricted_mean,
    restricted_means_of,
    survival_of,
)

from .tables import table

TABLE = table([1, 2, 3, 4, 2, 3, 5, 6], [1, 1, 0, 1, 1, 0, 1, 1], groups=["a"] * 4 + ["b"] * 4)
CURVE = estimate_survival(TABLE)


def test_the_medians_are_the_same() -> None:
    found = quantiles_of(CURVE, probability=0.5)
    assert found == estimate_median(TABLE)
    # Of four, the second of three deaths brings the curve to exactly one half, flat until the last.
    assert found["a"].time == pytest.approx(3, abs=1e-12)


def test_the_shares_at_times_are_the_same() -> None:
    found = survival_of(CURVE, times=[1, 2])
    pd.testing.assert_frame_equal(found, estimate_survival_at(TABLE, times=[1, 2]))
    assert found["survival"].tolist() == pytest.approx([0.75, 0.5, 1, 0.75], abs=1e-12)


def test_the_restricted_means_are_the_same() -> None:
    found = restricted_means_of(CURVE, until=2)
    assert found == restricted_mean(TABLE, until=2)
    assert found["a"].mean == pytest.approx(1.75, abs=1e-12)
    with pytest.raises(ValueError, match="until is 0"):
        restricted_means_of(CURVE, until=0)
