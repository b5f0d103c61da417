import numpy as np
import pytest

from dashboard.stats import log_rank

from .tables import one_to, table

TOLERANCE = 1e-12


def test_expected_events_are_shared_by_the_numbers_at_risk() -> None:
    """A dies at 1 and 3, B at 2 and 4. At 1: 2 of 4 are A; at 2: 1 of 3; at 3: 1 of 2; at 4: none."""
    found = log_rank(table([1, 3, 2, 4], groups=["A", "A", "B", "B"]))
    expected_a = 1 / 2 + 1 / 3 + 1 / 2
    variance = 1 / 4 + 2 / 9 + 1 / 4
    assert found.observed == {"A": 2, "B": 2}
    assert found.expected["A"] == pytest.approx(expected_a, abs=TOLERANCE)
    assert found.chi_squared == pytest.approx((2 - expected_a) ** 2 / variance, abs=TOLERANCE)
    assert found.degrees_of_freedom == 1


def test_tied_deaths_have_the_hypergeometric_variance() -> None:
    """At 1, both of A die among 4 at risk: variance 2 x 1/2 x 1/2 x (4 - 2)/(4 - 1)."""
    found = log_rank(table([1, 1, 5, 6], [1, 1, 0, 0], groups=["A", "A", "B", "B"]))
    assert found.chi_squared == pytest.approx((2 - 1) ** 2 / (1 / 3), abs=TOLERANCE)


def test_delayed_entry_takes_part_only_after_entry() -> None:
    """B's second patient enters at 1.5: at 1 one of 3 is B, at 2 two of 3, at 3 one of 2."""
    found = log_rank(table([1, 3, 2, 4], [1, 1, 1, 0], groups=["A", "A", "B", "B"], entries=[0, 0, 0, 1.5]))
    assert found.expected["B"] == pytest.approx(1 / 3 + 2 / 3 + 1 / 2, abs=TOLERANCE)


def test_three_groups_have_two_degrees_of_freedom() -> None:
    found = log_rank(table(one_to(9), groups=list("ABCABCABC")))
    assert found.degrees_of_freedom == 2
    assert sum(found.expected.values()) == pytest.approx(9, abs=TOLERANCE)


def test_the_order_of_the_groups_does_not_matter() -> None:
    times = [5, 1, 8, 2, 9, 4]
    one = log_rank(table(times, groups=list("AABBCC")))
    other = log_rank(table(times, groups=list("CCBBAA")))
    assert one.chi_squared == pytest.approx(other.chi_squared, abs=TOLERANCE)


def test_groups_that_cannot_be_compared_give_no_p() -> None:
    alone = log_rank(table(one_to(3)))
    assert (alone.chi_squared, alone.degrees_of_freedom, alone.p_value) == (None, 0, None)
    nobody = log_rank(table([1, 2], [0, 0], groups=["A", "B"]))
    assert (nobody.observed, nobody.chi_squared, nobody.p_value) == ({"A": 0, "B": 0}, None, None)
    never_together = log_rank(table([1, 2, 5, 6], groups=list("AABB"), entries=[0, 0, 3, 3]))
    assert (never_together.chi_squared, never_together.p_value) == (None, None)
    assert log_rank(table([])).observed == {}


def test_a_group_gone_before_the_first_event_adds_no_degree_of_freedom() -> None:
    found = log_rank(table([1, 2, 3, 4], [0, 1, 1, 1], groups=["A", "B", "C", "C"]))
    assert found.degrees_of_freedom == 1
    assert found.expected["A"] == 0


def test_a_counted_by_hand_mantel_byar_table_is_found_again() -> None:
    """Sixty patients with delayed entry and ties, counted one event time after the other."""
    numbers = np.random.default_rng(5)
    entry = numbers.integers(0, 10, 60).astype(float)
    time = entry + numbers.integers(1, 25, 60)
    event = numbers.integers(0, 2, 60)
    group = np.where(numbers.integers(0, 2, 60) == 1, "B", "A")
    expected = variance = 0.0
    for t in np.unique(time[event == 1]):
        risk = (time >= t) & ((entry < t) | (entry == 0))
        n, n_b, d = risk.sum(), (risk & (group == "B")).sum(), ((time == t) & (event == 1)).sum()
        expected += d * n_b / n
        variance += d * n_b / n * (1 - n_b / n) * (n - d) / max(n - 1, 1)
    found = log_rank(table(time, list(event), groups=list(group), entries=list(entry)))
    assert found.expected["B"] == pytest.approx(expected, abs=1e-9)
    difference = event[group == "B"].sum() - expected
    assert found.chi_squared == pytest.approx(difference**2 / variance, abs=1e-9)
