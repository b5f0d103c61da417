"""Where the truth is known the default view finds it, and the naive one does not (clinical-decisions A10)."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dashboard.stats import (
    estimate_median,
    log_rank,
    mantel_byar,
    risk_table,
    select_after_second_draw,
    select_at_landmark,
    split_at_changes,
)

from .simulated_cohorts import (
    clearance_cohorts,
    draws_of,
    late_enrolment_cohorts,
    log_rank_of_each,
    patients_of,
)

N_SEEDS = 500
SCENARIOS = {"draws on day 90 to 180": (90, 180), "draws on day 80 to 260": (80, 260)}
CRITICAL = stats.chi2.isf(0.05, 1)


@cache
def cohorts(scenario: str, hazard_ratio: float = 1.0) -> pd.DataFrame:
    return clearance_cohorts(N_SEEDS, drawn_within=SCENARIOS[scenario], hazard_ratio=hazard_ratio)


def as_rows(kept: pd.DataFrame) -> pd.DataFrame:
    return kept.assign(start=0.0, stop=kept["time"])


def after_second_draw(found: pd.DataFrame) -> pd.DataFrame:
    return as_rows(select_after_second_draw(patients_of(found), draws=draws_of(found)).kept)


def at_six_months(found: pd.DataFrame) -> pd.DataFrame:
    return as_rows(select_at_landmark(patients_of(found), draws=draws_of(found)).kept)


def naive(found: pd.DataFrame) -> pd.DataFrame:
    """From day 0, grouped by a draw that only those could have who were still free of progression."""
    cleared = found["clears"] & found["is_drawn"]
    return as_rows(found.assign(group=np.where(cleared, "cleared", "not cleared")))


def moving(found: pd.DataFrame) -> pd.DataFrame:
    """From day 0, at risk as cleared only from the draw on."""
    clear = found[found["is_drawn"] & found["clears"]]
    changes = pd.DataFrame(
        {"patient_id": clear["patient_id"], "since": clear["drawn_at"], "state": "cleared"}
    )
    rows = split_at_changes(
        found[["patient_id", "seed", "time", "event_observed"]], changes=changes, initial="not yet"
    )
    return rows.rename(columns={"state": "group"})


def share_rejected(rows: pd.DataFrame) -> float:
    return float((log_rank_of_each(rows, first="cleared")["chi_squared"] > CRITICAL).mean())


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_default_view_keeps_a_true_null_and_the_naive_one_does_not(scenario: str) -> None:
    assert share_rejected(after_second_draw(cohorts(scenario))) <= 0.07
    assert share_rejected(naive(cohorts(scenario))) > 0.90


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_landmark_and_the_moving_groups_keep_a_true_null_too(scenario: str) -> None:
    assert share_rejected(at_six_months(cohorts(scenario))) <= 0.07
    assert share_rejected(moving(cohorts(scenario))) <= 0.07


def test_the_naive_view_halves_a_hazard_that_is_the_same() -> None:
    found = cohorts("draws on day 90 to 180")
    assert log_rank_of_each(naive(found), first="cleared")["ratio"].median() < 0.6
    for view in (after_second_draw, moving):
        assert log_rank_of_each(view(found), first="cleared")["ratio"].median() == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_true_effect_is_found_more_often_after_the_second_draw_than_from_a_fixed_month(
    scenario: str,
) -> None:
    found = cohorts(scenario, 0.6)
    ours, fixed = after_second_draw(found), at_six_months(found)
    assert len(ours) > len(fixed)
    assert share_rejected(ours) > share_rejected(fixed) + 0.05
    assert 0.5 < log_rank_of_each(ours, first="cleared")["ratio"].median() < 0.7


def test_the_sums_over_many_seeds_are_those_of_the_log_rank_and_mantel_byar_tests() -> None:
    few = cohorts("draws on day 80 to 260").query("seed < 5")
    ours = log_rank_of_each(after_second_draw(few), first="cleared")["chi_squared"]
    moved = log_rank_of_each(moving(few), first="cleared")["chi_squared"]
    for seed in range(5):
        kept = after_second_draw(few).query("seed == @seed")
        table = risk_table(kept, time="time", event="event_observed", group="group")
        assert log_rank(table).chi_squared == pytest.approx(ours[seed], abs=1e-9)
        rows = moving(few).query("seed == @seed").rename(columns={"group": "state"})
        assert mantel_byar(rows).chi_squared == pytest.approx(moved[seed], abs=1e-9)


def test_with_delayed_entry_the_median_is_the_truth_and_without_it_months_too_long() -> None:
    found = late_enrolment_cohorts(300, median_months=20)

    def middle(entry: str | None) -> float:
        table = risk_table(found, time="time", event="event_observed", group="seed", entry=entry)
        medians = [median.time for median in estimate_median(table).values()]
        return float(np.median([np.inf if median is None else median for median in medians]))

    assert middle("entry") == pytest.approx(20, abs=0.3)
    assert middle(None) > 24
