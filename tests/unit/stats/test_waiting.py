"""Waiting time until further events: by hand, by its definition, and how often the interval is right."""

import numpy as np
import pytest
from scipy import stats

from dashboard.stats.waiting import waiting_interval


def test_the_expected_time_is_the_rule_of_three():
    found = waiting_interval(60, 180, more=14)
    assert found.expected == pytest.approx(42.0, abs=1e-12)
    assert found.lower < found.expected < found.upper


def test_one_event_and_one_to_come_by_hand():
    # Upper limit: P(F(2, 2) <= f) = f / (1 + f) = 0.975, so f = 39.
    # Lower limit: P(F(2, 4) <= f) = 1 - 4 / (2 + f)^2 = 0.025, so f = 2 / sqrt(0.975) - 2, times 1 / 2.
    found = waiting_interval(1, 100, more=1)
    assert found.upper == pytest.approx(3900.0, abs=1e-6)
    assert found.lower == pytest.approx(100 * (1 / np.sqrt(0.975) - 1), abs=1e-9)


@pytest.mark.parametrize(("events", "more"), [(3, 2), (10, 5), (45, 14), (108, 14)])
def test_the_limits_are_those_of_the_binomial_share_of_the_past(events, more):
    # At the upper limit as few as `more` - 1 come with probability 2.5 %, given events + more - 1 in all.
    found = waiting_interval(events, 1.0, more=more)
    past = 1 / (1 + found.upper)
    assert stats.binom.sf(events - 1, events + more - 1, past) == pytest.approx(0.025, abs=1e-9)
    past = 1 / (1 + found.lower)
    assert stats.binom.cdf(events, events + more, past) == pytest.approx(0.025, abs=1e-9)


@pytest.mark.parametrize(("monthly", "more"), [(1.0, 2), (4.0, 10), (18.0, 14)])
def test_in_simulated_studies_the_interval_holds_the_true_day_at_least_as_often_as_it_says(monthly, more):
    random = np.random.default_rng(20260228)
    days, n_studies = 181.0, 4000
    rate = monthly * 6 / days
    events = random.poisson(rate * days, n_studies)
    waited = random.gamma(more, 1 / rate, n_studies)
    kept = [(k, w) for k, w in zip(events, waited, strict=True) if k > 0]
    limits = {k: waiting_interval(int(k), days, more=more) for k in {k for k, _ in kept}}
    held = np.mean([limits[k].lower <= w <= limits[k].upper for k, w in kept])
    # Three standard errors of a share of 0.95 in 4000 are 0.0103.
    assert held > 0.95 - 0.0103
    assert held < 0.995


@pytest.mark.parametrize(("events", "days", "more"), [(0, 10, 1), (1, 0, 1), (1, 10, 0)])
def test_nothing_to_count_from_is_refused_with_what_was_found(events, days, more):
    with pytest.raises(ValueError, match=f"events is {events}, days is {days} and more is {more}"):
        waiting_interval(events, days, more=more)


def test_a_confidence_outside_0_and_1_is_refused():
    with pytest.raises(ValueError, match="confidence is 95"):
        waiting_interval(1, 1, more=1, confidence=95)
