"""Medians of groups alone: five patients a group, ended at 2, 4, 6, 8, 10 months."""

import pandas as pd
import pytest

from dashboard.figures.survival.medians import median_numbers, several_medians
from dashboard.stats import Guards

GUARDS = Guards(median_min_events=5, small_analysis_below=0)


def patients(n_events_of_second=5):
    """Everybody of group A had the event; of group B as many as said, the first ones."""
    months = [2.0, 4.0, 6.0, 8.0, 10.0]
    return pd.DataFrame(
        {
            "months": months * 2,
            "entry_months": 0.0,
            "is_event": [True] * 5 + [place < n_events_of_second for place in range(5)],
            "group": pd.Categorical(["A"] * 5 + ["B"] * 5, categories=["B", "A"]),
        }
    )


def test_each_group_has_its_median_in_the_order_of_the_groups():
    found = median_numbers(patients(), guards=GUARDS)
    assert [(one.group, one.n, one.n_event) for one in found] == [("B", 5, 5), ("A", 5, 5)]
    assert [one.median for one in found] == pytest.approx([6.0, 6.0], abs=1e-9)
    assert all(one.is_median_shown and not one.at for one in found)


@pytest.mark.parametrize(("n_events", "is_shown"), [(4, False), (5, True)])
def test_a_median_of_too_few_events_is_not_shown(n_events, is_shown):
    second, _first = median_numbers(patients(n_events), guards=GUARDS)
    assert second.is_median_shown is is_shown


def test_where_another_event_competes_no_median_is_shown():
    found = median_numbers(patients(), guards=GUARDS, competes=True)
    assert not any(one.is_median_shown for one in found)
    assert all(one.has_competing for one in found)


def test_several_analyses_have_the_numbers_each_has_alone():
    nobody = patients().iloc[:0]
    few, many = patients(4), patients()
    together = several_medians([few, nobody, many], guards=GUARDS, competes=[False, False, True])
    assert together == [
        median_numbers(few, guards=GUARDS),
        [],
        median_numbers(many, guards=GUARDS, competes=True),
    ]


def test_nobody_gives_no_numbers():
    assert median_numbers(patients().iloc[:0], guards=GUARDS) == []


@pytest.mark.parametrize(("least", "is_shown"), [(10, True), (11, False)])
def test_the_upper_limit_is_asked_of_each_group_however_large_the_analysis(least, is_shown):
    # Group A of 10: five had the event, no upper limit. Group B of 20 all had it.
    months = [*range(1, 11), *range(1, 21)]
    kept = pd.DataFrame(
        {
            "months": [float(month) for month in months],
            "entry_months": 0.0,
            "is_event": [True] * 5 + [False] * 5 + [True] * 20,
            "group": pd.Categorical(["A"] * 10 + ["B"] * 20),
        }
    )
    few, many = median_numbers(kept, guards=Guards(small_analysis_below=least))
    assert (few.is_median_shown, few.is_unbounded) == (is_shown, not is_shown)
    assert many.is_median_shown
