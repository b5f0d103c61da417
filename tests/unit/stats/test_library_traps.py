"""Why the estimates are our own: each known trap of a library, beside what R and we say.

A test that fails on the library's side says that the library has changed; the reason then has to be looked at
again.
"""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter, CoxTimeVaryingFitter, KaplanMeierFitter
from lifelines.exceptions import ConvergenceWarning, StatError
from lifelines.statistics import (
    difference_of_restricted_mean_survival_time_test,
    logrank_test,
    proportional_hazard_test,
)
from lifelines.utils import interpolate_at_times, median_survival_times, restricted_mean_survival_time
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

from dashboard.stats import (
    CoxModel,
    count_at,
    estimate_median,
    estimate_survival,
    estimate_survival_at,
    fit_cox,
    follow_up,
    log_rank,
    proportion_interval,
    restricted_mean,
)

from .tables import one_to, table


def lifelines_fit(times: list[float], events: list[int] | None = None) -> KaplanMeierFitter:
    return KaplanMeierFitter().fit(times, events)


@pytest.mark.parametrize(
    ("n", "library", "r"), [(4, 2.0, 2.5), (8, 5.0, 4.5), (14, 8.0, 7.5), (20, 11.0, 10.5)]
)
def test_the_median_of_lifelines_flips_with_rounding(n: int, library: float, r: float) -> None:
    assert lifelines_fit(one_to(n)).median_survival_time_ == library
    assert estimate_median(table(one_to(n)))["all"].time == r


@pytest.mark.parametrize(("n", "library", "r"), [(20, 11, 10.5), (6, 4, 3.5)])
def test_the_median_of_statsmodels_has_no_midpoint(n: int, library: float, r: float) -> None:
    assert SurvfuncRight(np.array(one_to(n)), np.ones(n)).quantile(0.5) == library
    assert estimate_median(table(one_to(n)))["all"].time == r


@pytest.mark.parametrize("n", [5, 6])
def test_the_upper_limit_of_the_libraries_is_the_last_event_in_tiny_samples(n: int) -> None:
    limits = median_survival_times(lifelines_fit(one_to(n)).confidence_interval_)
    assert limits.iloc[0, 1] == n
    assert SurvfuncRight(np.array(one_to(n)), np.ones(n)).quantile_ci(0.5, method="cloglog")[1] == n
    assert estimate_median(table(one_to(n)))["all"].upper is None


def test_the_band_of_lifelines_is_zero_where_survival_is_zero() -> None:
    assert lifelines_fit(one_to(5)).confidence_interval_.iloc[-1].tolist() == [0, 0]
    last = estimate_survival(table(one_to(5))).iloc[-1]
    assert last["survival"] == 0
    assert last["lower"] is pd.NA
    assert last["upper"] is pd.NA


def test_a_median_not_reached_is_infinite_in_lifelines() -> None:
    assert math.isinf(lifelines_fit([1, 5, 6], [1, 0, 0]).median_survival_time_)
    assert estimate_median(table([1, 5, 6], [1, 0, 0]))["all"].time is None


def test_the_number_at_risk_of_lifelines_leaves_out_those_who_leave_at_the_tick() -> None:
    """Reference vector B at 1: R says 4; the table of lifelines less those removed says 3."""
    events = lifelines_fit([1, 2, 10, 20], [1, 1, 1, 0]).event_table.loc[1]
    assert events["at_risk"] - events["removed"] == 3
    assert count_at(table([1, 2, 10, 20], [1, 1, 1, 0]), times=[1])["at_risk"].item() == 4


def test_the_start_of_the_period_of_lifelines_overcounts_between_events() -> None:
    """Reference vector B at 3: R says 2; the row of the period that holds 3 says 3."""
    events = lifelines_fit([1, 2, 10, 20], [1, 1, 1, 0]).event_table
    assert events.loc[:3, "at_risk"].iloc[-1] == 3
    assert count_at(table([1, 2, 10, 20], [1, 1, 1, 0]), times=[3])["at_risk"].item() == 2


def test_the_median_of_the_times_is_no_follow_up() -> None:
    times, events = [1.0, 2.0, 3.0, 20.0, 24.0], [1, 1, 1, 0, 0]
    assert np.median(times) == 3
    assert follow_up(table(times, events))["all"].time == 22


def test_the_variance_of_the_restricted_mean_of_lifelines_is_that_of_one_patient() -> None:
    """Deaths at 1 to 4, until 3: one patient's time has variance 11/16, the mean of four has 11/64."""
    mean, variance = restricted_mean_survival_time(lifelines_fit(one_to(4)), t=3, return_variance=True)
    ours = restricted_mean(table(one_to(4)), until=3)["all"]
    assert mean == pytest.approx(ours.mean, abs=1e-3)
    assert variance == pytest.approx(11 / 16, abs=1e-3)
    assert ours.standard_error**2 == pytest.approx(11 / 64, abs=1e-12)


def test_the_variance_of_lifelines_slopes_between_events() -> None:
    """Deaths at 1, 2, 3, 4: nothing happens between 2 and 3, so nothing may change at 2.5."""
    sloping = interpolate_at_times(lifelines_fit(one_to(4))._cumulative_sq_, [2.0, 2.5])
    assert sloping[1] > sloping[0]
    ours = estimate_survival_at(table(one_to(4)), times=[2.0, 2.5])["standard_error"]
    assert ours[0] == ours[1]


def test_lifelines_refuses_a_delayed_entry_whose_early_risk_set_empties() -> None:
    with pytest.raises(StatError):
        KaplanMeierFitter().fit([1, 5, 6], entry=[0, 2, 2])
    assert estimate_survival(table([1, 5, 6], entries=[0, 2, 2]))["survival"].iloc[-1] == 0


def test_leaving_out_delayed_entry_flatters_survival() -> None:
    """Patients who enter late cannot be seen to die early: the naive curve stands above."""
    times, entries = [2.0, 6.0, 8.0, 9.0], [0, 4, 5, 0]
    naive = estimate_survival_at(table(times), times=[7])["survival"].item()
    right = estimate_survival_at(table(times, entries=entries), times=[7])["survival"].item()
    assert naive == pytest.approx(1 / 2, abs=1e-12)
    assert right == pytest.approx(1 / 3, abs=1e-12)


def test_the_interval_of_statsmodels_is_walds_unless_told() -> None:
    assert proportion_confint(0, 22) == (0, 0)
    assert proportion_interval(0, 22).upper == pytest.approx(0.1544, abs=5e-5)


def test_the_libraries_agree_on_the_log_rank_test() -> None:
    times, events = [1.0, 2, 2, 3, 5, 5, 6, 8, 9, 9], [1, 1, 0, 1, 1, 1, 0, 1, 1, 0]
    first = [True, False] * 5
    ours = log_rank(table(times, events, groups=["A" if a else "B" for a in first]))
    arms = [
        (
            [t for t, a in zip(times, first, strict=True) if a is arm],
            [e for e, a in zip(events, first, strict=True) if a is arm],
        )
        for arm in (True, False)
    ]
    samples = [
        stats.CensoredData(
            uncensored=[t for t, e in zip(*arm, strict=True) if e],
            right=[t for t, e in zip(*arm, strict=True) if not e],
        )
        for arm in arms
    ]
    assert stats.logrank(*samples).statistic ** 2 == pytest.approx(ours.chi_squared, abs=1e-9)
    lifelines = logrank_test(arms[0][0], arms[1][0], arms[0][1], arms[1][1])
    assert lifelines.test_statistic == pytest.approx(ours.chi_squared, abs=1e-9)


def tied_deaths() -> pd.DataFrame:
    """Two die together at 1 (x = 1 and x = 0), one (x = 0) lives to 2: Efron's ratio is the root of 6."""
    return pd.DataFrame({"time": [1.0, 1, 2], "event_observed": [1, 1, 0], "x": [1.0, 0, 0]})


def test_the_cox_model_of_statsmodels_breaks_ties_by_breslow_unless_told() -> None:
    deaths = tied_deaths()
    library = PHReg(deaths["time"], deaths[["x"]], status=deaths["event_observed"]).fit(disp=0)
    ours = fit_cox(deaths, model=CoxModel(time="time", event="event_observed", terms=("x",)))
    assert math.exp(library.params[0]) == pytest.approx(2, abs=1e-4)
    assert ours.terms[0].hazard_ratio == pytest.approx(math.sqrt(6), abs=1e-9)


def twelve_patients() -> pd.DataFrame:
    events = [1, 1, 1, 1, 0] * 2 + [1, 0]
    x = [1.0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 1, 0]
    return pd.DataFrame({"time": range(1, 13), "event_observed": events, "x": x})


def test_the_cox_model_of_lifelines_stops_in_the_fourth_digit_unless_told() -> None:
    patients = twelve_patients()
    ours = fit_cox(patients, model=CoxModel(time="time", event="event_observed", terms=("x",)))
    coefficient = ours.terms[0].coefficient
    unless_told = CoxPHFitter().fit(patients, "time", "event_observed")
    told = CoxPHFitter().fit(patients, "time", "event_observed", fit_options={"precision": 1e-12})
    assert abs(unless_told.params_["x"] - coefficient) > 1e-4
    assert told.params_["x"] == pytest.approx(coefficient, abs=1e-8)


def test_the_check_of_lifelines_ranks_the_times_and_is_no_score_test() -> None:
    """R: `cox.zph` takes 1 - KM and since 2019 the score test; lifelines ranks and approximates."""
    patients = twelve_patients()
    fitter = CoxPHFitter().fit(patients, "time", "event_observed", fit_options={"precision": 1e-12})
    ours = fit_cox(patients, model=CoxModel(time="time", event="event_observed", terms=("x",)))
    check = ours.proportional_hazards["x"].chi_squared
    assert check == pytest.approx(0.2008, abs=5e-5)
    ranked = proportional_hazard_test(fitter, patients).test_statistic.item()
    by_survival = proportional_hazard_test(fitter, patients, time_transform="km").test_statistic.item()
    assert ranked == pytest.approx(0.2144, abs=5e-5)
    assert by_survival == pytest.approx(0.1504, abs=5e-5)


def test_lifelines_has_no_check_for_rows_with_start_and_stop() -> None:
    """Four of six move from x = 0 to x = 1 at 2; the models agree, the check is ours alone."""
    rows = pd.DataFrame(
        {
            "id": [1, 1, 2, 2, 3, 3, 4, 4, 5, 6],
            "start": [0, 2] * 4 + [0, 0],
            "stop": [2, 5, 2, 7, 2, 9, 2, 4, 6, 8],
            "event_observed": [0, 1, 0, 1, 0, 0, 0, 1, 1, 0],
            "x": [0.0, 1] * 4 + [0, 0],
        }
    )
    with warnings.catch_warnings():
        # It warns that x varies little; the estimate below is right nevertheless.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitter = CoxTimeVaryingFitter().fit(
            rows, id_col="id", event_col="event_observed", start_col="start", stop_col="stop"
        )
    model = CoxModel(entry="start", time="stop", event="event_observed", terms=("x",))
    ours = fit_cox(rows, model=model)
    assert fitter.params_["x"] == pytest.approx(ours.terms[0].coefficient, abs=1e-3)
    with pytest.raises(AttributeError):
        fitter.check_assumptions(rows)
    assert ours.proportional_hazards["x"].degrees_of_freedom == 1


def test_the_comparison_of_restricted_means_of_lifelines_is_empty() -> None:
    first, second = lifelines_fit(one_to(4)), lifelines_fit(one_to(5))
    assert difference_of_restricted_mean_survival_time_test(first, second, 3) is None


def test_the_number_at_risk_of_lifelines_at_the_start_counts_those_who_enter_later() -> None:
    """One patient is there from 0, three enter at 2: R says 1 at risk at 1."""
    fitter = KaplanMeierFitter().fit([5, 6, 7, 8], entry=[0, 2, 2, 2])
    events = fitter.event_table
    assert events.loc[0, "entrance"] == 1
    counts = count_at(table([5, 6, 7, 8], entries=[0, 2, 2, 2]), times=[0, 1, 2, 3])
    assert counts["at_risk"].tolist() == [1, 1, 1, 4]
    assert counts["n_not_entered"].tolist() == [3, 3, 3, 0]


def test_the_odds_ratio_of_scipy_is_that_of_the_sample() -> None:
    """R: `fisher.test` gives the conditional one, 23.34 for 19/8 against 4/42. None is shown here."""
    assert stats.fisher_exact([[19, 8], [4, 42]]).statistic == pytest.approx(24.94, abs=0.005)
