"""Kaplan-Meier, quantiles, restricted mean, follow-up, log-rank, McNemar and exact intervals against R.

R 4.2.2, survival 3.5-3 (`_meta` of each golden file). Every comparison is absolute, to 1e-9.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

from dashboard.stats import (
    PairedCounts,
    count_at,
    derive_at_risk,
    estimate_quantile,
    estimate_survival,
    estimate_survival_at,
    follow_up,
    log_rank,
    mcnemar,
    proportion_interval,
    restricted_mean,
    risk_table,
)

from .survival_cases import CASES, HNSCC, Case

TOLERANCE = 1e-9
BAND_RISES_AGAIN = ("heart_timedep-simon_makuch_km", "1", 0.25)
WITH_LOG_RANK = [case for case in CASES if case.group and not case.entry]
pytestmark = pytest.mark.r


def close(expected: float | None) -> Any:
    return None if expected is None else pytest.approx(expected, abs=TOLERANCE, rel=0)


def expected_of(case: Case, golden: Any) -> dict[str, Any]:
    part: dict[str, Any] = golden(case.golden)
    for key in case.part:
        part = part[key]
    return part


def table_of(case: Case, data: Any, *, grouped: bool = True) -> pd.DataFrame:
    frame = case.prepare(data(case.data))
    return risk_table(
        frame, time=case.time, event=case.event, group=case.group if grouped else None, entry=case.entry
    )


def groups(table: pd.DataFrame, expected: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Our groups beside R's, by position: R names a blank group by its number."""
    names = table["group"].astype(str).unique().tolist()
    assert len(names) == len(expected)
    return zip(names, expected.values(), strict=True)


def rows_of(frame: pd.DataFrame, group: str) -> list[dict[str, Any]]:
    """The rows of a group, with None where a value is undefined."""
    rows = frame[frame["group"].astype(str) == group]
    return [{k: None if pd.isna(v) else v for k, v in row.items()} for row in rows.to_dict(orient="records")]


def test_every_curve_of_the_golden_files_is_compared(shared_data: Any, golden: Any) -> None:
    def curves(part: Any, path: tuple[str, ...]) -> set[tuple[str, ...]]:
        if not isinstance(part, dict):
            return set()
        if "km_conf_log" in part:
            return {path}
        return {found for key, value in part.items() for found in curves(value, (*path, key))}

    files = sorted((shared_data / "golden").glob("*.json"))
    assert {curve for file in files for curve in curves(golden(file.stem), (file.stem,))} == {
        (case.golden, *case.part) for case in CASES
    }


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_curve_is_that_of_survfit(case: Case, golden: Any, data: Any) -> None:
    """`survfit(Surv(time, event) ~ group)`: time, n.risk, n.event, n.censor, surv, std.err (of log surv)."""
    table = table_of(case, data)
    curve = estimate_survival(table)
    for name, expected in groups(table, expected_of(case, golden)["km_conf_log"]):
        steps = [row for row in rows_of(curve, name) if row["n_event"] + row["n_censored"] > 0]
        assert [row["time"] for row in steps] == [close(row["time"]) for row in expected["curve"]]
        assert [(row["at_risk"], row["n_event"], row["n_censored"]) for row in steps] == [
            (row["n_risk"], row["n_event"], row["n_censor"]) for row in expected["curve"]
        ]
        assert [row["survival"] for row in steps] == [close(row["surv"]) for row in expected["curve"]]
        for ours, r in zip(steps, expected["curve"], strict=True):
            if r["surv"] > TOLERANCE:
                assert ours["standard_error"] == close(r["surv"] * r["std_err_cumhaz"])
            else:
                assert ours["standard_error"] is None


@pytest.mark.parametrize("case", CASES, ids=str)
def test_quantiles_and_their_limits_are_those_of_quantile_survfit(case: Case, golden: Any, data: Any) -> None:
    """`quantile(survfit(..., conf.type = "log-log"), c(0.25, 0.5, 0.75))`; NA is None."""
    table = table_of(case, data)
    for name, expected in groups(table, expected_of(case, golden)["km_conf_log-log"]):
        assert expected["quantiles"]
        for r in expected["quantiles"]:
            ours = estimate_quantile(table, probability=r["prob"])[name]
            assert (ours.n, ours.n_event) == (expected["n"], expected["events"])
            assert ours.time == close(r["quantile"])
            assert ours.upper == close(r["upper"])
            if (str(case), name, r["prob"]) != BAND_RISES_AGAIN:
                assert ours.lower == close(r["lower"])


def test_the_lower_limit_is_the_first_crossing_also_where_the_band_rises_again(
    golden: Any, data: Any
) -> None:
    """Heart transplants at risk from the day of transplant: 11 at risk on day 5, 21 on day 16.

    The lower band falls to 0.508 on day 5, then rises as patients enter. It first lies at or below 0.75 on
    day 5. `quantile.survfit` orders the band by height before it looks and so answers day 16.
    """
    case = CASES[-1]
    table = table_of(case, data)
    lower = {row["time"]: row["lower"] for row in rows_of(estimate_survival(table), "1")}
    assert lower[5.0] < lower[16.0] <= 0.75
    assert estimate_quantile(table, probability=0.25)["1"].lower == 5.0
    r = expected_of(case, golden)["km_conf_log-log"]["1"]["quantiles"][0]
    assert (r["prob"], r["lower"]) == (0.25, 16)


@pytest.mark.parametrize("case", [case for case in CASES if "cdisc" not in case.golden], ids=str)
def test_survival_at_chosen_times_is_that_of_summary_survfit(case: Case, golden: Any, data: Any) -> None:
    """`summary(survfit(..., conf.type = "log-log"), times = ...)`: n.risk, surv, std.err, lower, upper."""
    table = table_of(case, data)
    for name, expected in groups(table, expected_of(case, golden)["km_conf_log-log"]):
        assert expected["at"]
        found = estimate_survival_at(table, times=[r["time"] for r in expected["at"]])
        for ours, r in zip(rows_of(found, name), expected["at"], strict=True):
            assert ours["at_risk"] == r["n_risk"]
            assert ours["survival"] == close(r["surv"])
            assert ours["standard_error"] == close(r["se"])
            if r["surv"] == 1:
                # Before anyone has left R prints 1 to 1, afterwards NA. There is no band around 1: None.
                assert (ours["lower"], ours["upper"]) == (None, None)
            else:
                assert (ours["lower"], ours["upper"]) == (close(r["lower"]), close(r["upper"]))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_restricted_mean_and_its_error_are_those_of_survfit(case: Case, golden: Any, data: Any) -> None:
    """`summary(survfit(...), rmean = tau)$table[, c("rmean", "se(rmean)")]`."""
    table = table_of(case, data)
    for name, expected in groups(table, expected_of(case, golden)["km_conf_log"]):
        ours = restricted_mean(table, until=expected["rmst"]["tau"])[name]
        assert ours.mean == close(expected["rmst"]["rmean"])
        assert ours.standard_error == close(expected["rmst"]["se"])


@pytest.mark.parametrize("case", [case for case in CASES if not case.entry], ids=str)
def test_median_follow_up_is_that_of_the_reverse_curve(case: Case, golden: Any, data: Any) -> None:
    """`quantile(survfit(Surv(time, 1 - event) ~ 1, conf.type = "log-log"), 0.5)`."""
    r = expected_of(case, golden)["reverse_km_median"]
    ours = follow_up(table_of(case, data, grouped=False))["all"]
    assert (ours.time, ours.lower, ours.upper) == (close(r["median"]), close(r["lower"]), close(r["upper"]))


@pytest.mark.parametrize("case", WITH_LOG_RANK, ids=str)
def test_the_log_rank_test_is_that_of_survdiff(case: Case, golden: Any, data: Any) -> None:
    """`survdiff(Surv(time, event) ~ group)`: obs, exp, chisq, df, p."""
    r = expected_of(case, golden)["logrank"]
    ours = log_rank(table_of(case, data))
    assert list(ours.observed.values()) == r["obs"]
    assert list(ours.expected.values()) == [close(value) for value in r["exp"]]
    assert (ours.chi_squared, ours.degrees_of_freedom) == (close(r["chisq"]), r["df"])
    assert ours.p_value == close(r["p"])


def test_with_delayed_entry_observed_minus_expected_is_the_score_of_coxph(golden: Any, data: Any) -> None:
    """`coxph(Surv(start, stop, event) ~ transplant, ties = "breslow")$score`.

    `survdiff` takes no delayed entry. The Breslow score statistic is (observed - expected)² over the variance
    without the correction for ties, which is summed here from the numbers at risk.
    """
    case = CASES[-1]
    table = table_of(case, data)
    ours = log_rank(table)
    deaths = table.groupby("time")["n_event"].sum().loc[lambda n_event: n_event > 0]
    at_risk = count_at(table, times=deaths.index.to_list()).pivot(
        index="time", columns="group", values="at_risk"
    )
    share = at_risk["1"] / at_risk.sum(axis=1)
    information = (deaths * share * (1 - share)).sum()
    score = (ours.observed["1"] - ours.expected["1"]) ** 2 / information
    assert score == close(golden("heart_timedep")["cox_tx_only"]["breslow"]["score"]["stat"])


def test_exact_intervals_are_those_of_binom_test(golden: Any) -> None:
    """`binom.test(x, n)$conf.int`."""
    rows = golden("binomial_ci")["table"]
    assert rows
    for r in rows:
        ours = proportion_interval(r["x"], r["n"])
        assert (ours.lower, ours.upper) == (close(r["cp_lower"]), close(r["cp_upper"]))


def test_mcnemars_test_is_that_of_r(golden: Any) -> None:
    """`mcnemar.test(table, correct = FALSE)` and `mcnemar.test(table)`: statistic, p.value."""
    r = golden("correlation")["mcnemar"]
    (a, b), (c, d) = r["table"]
    ours = mcnemar(PairedCounts(yes_yes=a, yes_no=b, no_yes=c, no_no=d))
    assert (ours.chi_squared, ours.p_value) == (close(r["stat"]), close(r["p"]))
    assert (ours.chi_squared_corrected, ours.p_value_corrected) == (close(r["stat_cc"]), close(r["p_cc"]))


@pytest.mark.parametrize(
    ("sample", "published_p", "medians_months"),
    [
        ("Fx_5", "0.0503", (7.475409836065573, 4.032786885245901)),
        ("Fx_10", "0.0503", (7.475409836065573, 4.032786885245901)),
        ("end_RT", "0.0061", (7.508196721311475, 3.639344262295082)),
    ],
)
def test_the_published_progression_free_survival_by_ctdna_is_found_again(
    sample: str, published_p: str, medians_months: tuple[float, float], data: Any
) -> None:
    """Janke 2024, 16 patients re-irradiated for head and neck cancer; ctDNA absent is 0, present is 1."""
    table = risk_table(data(HNSCC), time="PFS", event="PFS_event", group=sample)
    medians = estimate_quantile(table, probability=0.5)
    assert (medians["0"].time, medians["1"].time) == tuple(close(month) for month in medians_months)
    assert f"{log_rank(table).p_value:.4f}" == published_p


class TestDoesItFail:
    """Twins: one value of the data is shifted, and the comparison with R has to fail."""

    case = CASES[0]

    @pytest.fixture
    def shifted(self, data: Any) -> pd.DataFrame:
        """One death of the maintained group a thousandth of a week later: 31 becomes 31.001."""
        frame = data(self.case.data).replace({"time": {31: 31.001}})
        return risk_table(frame, time="time", event="status", group="x")

    @pytest.fixture
    def flipped(self, data: Any) -> pd.DataFrame:
        """The first death of the maintained group counted as censored."""
        frame = data(self.case.data)
        frame.loc[0, "status"] = 0
        return risk_table(frame, time="time", event="status", group="x")

    def test_a_shifted_time_moves_the_median(self, shifted: pd.DataFrame, golden: Any) -> None:
        r = expected_of(self.case, golden)["km_conf_log-log"]["Maintained"]
        assert estimate_quantile(shifted, probability=0.5)["Maintained"].time != close(r["median"])

    def test_a_shifted_time_moves_the_restricted_mean(self, shifted: pd.DataFrame, golden: Any) -> None:
        r = expected_of(self.case, golden)["km_conf_log"]["Maintained"]["rmst"]
        assert restricted_mean(shifted, until=r["tau"])["Maintained"].mean != close(r["rmean"])

    def test_a_flipped_event_moves_the_log_rank_test(self, flipped: pd.DataFrame, golden: Any) -> None:
        r = expected_of(self.case, golden)["logrank"]
        assert log_rank(flipped).chi_squared != close(r["chisq"])

    def test_a_flipped_event_moves_survival_and_band(self, flipped: pd.DataFrame, golden: Any) -> None:
        r = expected_of(self.case, golden)["km_conf_log-log"]["Maintained"]["at"][0]
        ours = rows_of(estimate_survival_at(flipped, times=[r["time"]]), "Maintained")[0]
        for column, r_column in (("survival", "surv"), ("standard_error", "se"), ("lower", "lower")):
            assert ours[column] != close(r[r_column])

    def test_a_flipped_event_moves_the_follow_up(self, data: Any, golden: Any) -> None:
        frame = data(self.case.data)
        frame.loc[frame["time"] == 161, "status"] = 1
        ours = follow_up(risk_table(frame, time="time", event="status"))["all"]
        assert ours.time != close(expected_of(self.case, golden)["reverse_km_median"]["median"])

    def test_the_default_interval_of_r_is_another(self, data: Any, golden: Any) -> None:
        """R's `conf.type` is "log" unless told: the same median with another lower limit."""
        r = expected_of(self.case, golden)["km_conf_log"]["Maintained"]
        ours = estimate_quantile(table_of(self.case, data), probability=0.5)["Maintained"]
        assert ours.time == close(r["median"])
        assert ours.lower != close(r["median_lower"])

    def test_a_ten_millionth_is_noticed(self) -> None:
        assert close(0.5) != 0.5 + 1e-7

    def test_without_its_delayed_entry_the_number_at_risk_is_another(self, data: Any, golden: Any) -> None:
        case = CASES[-1]
        table = risk_table(data(case.data), time=case.time, event=case.event, group=case.group)
        first = expected_of(case, golden)["km_conf_log"]["1"]["curve"][0]
        at_risk = derive_at_risk(table).query("group == '1' and time == @first['time']")["at_risk"]
        assert at_risk.item() != first["n_risk"]
