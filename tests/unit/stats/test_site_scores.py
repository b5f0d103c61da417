"""Scores of sites by the normal approximation with over-dispersion, worked by hand."""

import math

import pytest

from dashboard.stats.site_scores import site_scores


def test_shares_of_two_sites_by_hand():
    # p = 40 / 200 = 0.2; standard error at 100 patients = sqrt(0.16 / 100) = 0.04; raw scores -2.5 and 2.5,
    # mean square 6.25, divided by 2.5: -1 and 1.
    found = site_scores([10, 30], [100, 100], kind="share", smallest=3)
    assert found.overall == pytest.approx(0.2, abs=1e-12)
    assert found.factor == pytest.approx(6.25, abs=1e-12)
    assert found.scores == pytest.approx((-1.0, 1.0), abs=1e-12)


def test_rates_of_three_sites_by_hand():
    # Rate 30 / 300 = 0.1; error at 100 days sqrt(0.001); raw (4 - 10) / 100 / error = -1.897, 0, 1.897.
    found = site_scores([4, 10, 16], [100, 100, 100], kind="rate", smallest=30)
    raw = 0.06 / math.sqrt(0.001)
    assert found.factor == pytest.approx(2 * raw**2 / 3, abs=1e-12)
    assert found.scores == pytest.approx((-math.sqrt(1.5), 0.0, math.sqrt(1.5)), abs=1e-12)


def test_a_site_below_the_smallest_size_gets_no_score_and_one_on_it_does():
    found = site_scores([1, 1, 2], [2, 3, 4], kind="share", smallest=3)
    assert found.scores[0] is None
    assert None not in found.scores[1:]


@pytest.mark.parametrize("events", [[0, 0, 0], [5, 4, 3]])
def test_nobody_and_everybody_are_no_difference(events):
    sizes = [5, 4, 3]
    assert site_scores(events, sizes, kind="share", smallest=3).scores == (0.0, 0.0, 0.0)


def test_equal_sites_score_nothing():
    assert site_scores([2, 4], [10, 20], kind="share", smallest=3).scores == (0.0, 0.0)


@pytest.mark.parametrize(("events", "sizes"), [([1], [1, 2]), ([1, 0], [2, 0]), ([], [])])
def test_sites_without_a_size_are_refused(events, sizes):
    with pytest.raises(ValueError, match="sizes are"):
        site_scores(events, sizes, kind="share", smallest=3)
