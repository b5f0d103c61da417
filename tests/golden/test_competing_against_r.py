"""Cumulative incidence against R's multi-state `survfit` (survival 3.5-3) and `cuminc` (cmprsk 2.2-11).

Absolute, to 1e-9.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.stats import competing_risk_table, estimate_cumulative_incidence

TOLERANCE = 1e-9
pytestmark = pytest.mark.r


def close(expected: float | None) -> Any:
    return None if expected is None else pytest.approx(expected, abs=TOLERANCE, rel=0)


def first_of_malignancy_and_death(frame: pd.DataFrame) -> pd.DataFrame:
    malignancy = frame["pstat"] == 1
    died = np.where(frame["death"] == 1, "death", None)
    return frame.assign(
        etime=np.where(malignancy, frame["ptime"], frame["futime"]), ev=np.where(malignancy, "pcm", died)
    )


def first_of_transplant_and_death(frame: pd.DataFrame) -> pd.DataFrame:
    treated = frame[frame["trt"].notna()].astype({"trt": int})
    return treated.assign(etime=treated["time"], ev=treated["status"].map({1: "transplant", 2: "death"}))


@dataclass(frozen=True, kw_only=True)
class Case:
    part: str
    data: str
    prepare: Callable[[pd.DataFrame], pd.DataFrame]
    group: str | None = None


CASES = [
    Case(part="mgus2_all", data="r_survival/mgus2.csv", prepare=first_of_malignancy_and_death),
    Case(part="mgus2_sex", data="r_survival/mgus2.csv", prepare=first_of_malignancy_and_death, group="sex"),
    Case(part="pbc_trt", data="r_survival/pbc.csv", prepare=first_of_transplant_and_death, group="trt"),
]


def step_at(curve: pd.DataFrame, *, strata: str, cause: str, time: float) -> dict[str, float | None]:
    """The step of our curve that holds at a time; R writes a stratum as `sex=F`."""
    chosen = (curve["group"] == strata.split("=")[-1]) & (curve["cause"] == cause) & (curve["time"] <= time)
    step = curve[chosen].iloc[-1]
    return {name: None if pd.isna(step[name]) else float(step[name]) for name in curve.columns[-4:]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.part)
def test_incidence_error_and_limits_are_those_of_survfit(case: Case, golden: Any, data: Any) -> None:
    """`summary(survfit(Surv(etime, factor(ev)) ~ group), times)`: pstate, std.err, lower, upper."""
    r = golden("competing_risks")[case.part]
    frame = case.prepare(data(case.data))
    curve = estimate_cumulative_incidence(
        competing_risk_table(frame, time="etime", cause="ev", group=case.group)
    )
    assert r["at"]
    for row, at in enumerate(r["at"]):
        for state, cause in enumerate(r["states"][1:], start=2):
            ours = step_at(curve, strata=at["strata"], cause=cause, time=at["time"])
            assert ours["incidence"] == close(at[f"p_{cause}"])
            assert ours["standard_error"] == close(r["std_err"][row][f"V{state}"])
            assert ours["lower"] == close(r["lower"][row][f"V{state}"])
            assert ours["upper"] == close(r["upper"][row][f"V{state}"])


def test_does_it_fail_when_one_cause_is_another(golden: Any, data: Any) -> None:
    r = golden("competing_risks")["mgus2_all"]
    frame = first_of_malignancy_and_death(data("r_survival/mgus2.csv"))
    first = frame.index[(frame["ev"] == "pcm") & (frame["etime"] < 60)][0]
    frame.loc[first, "ev"] = "death"
    curve = estimate_cumulative_incidence(competing_risk_table(frame, time="etime", cause="ev"))
    ours = step_at(curve, strata="all", cause="pcm", time=60)
    assert ours["incidence"] != close(r["at"][0]["p_pcm"])
    assert ours["standard_error"] != close(r["std_err"][0]["V2"])


def test_the_incidence_is_that_of_cuminc(golden: Any, data: Any) -> None:
    """`cuminc(etime, ev)`: est. Its variance is another estimator (Aalen's) and is not compared."""
    r = golden("competing_risks")["mgus2_all"]["cuminc_est"]
    frame = first_of_malignancy_and_death(data("r_survival/mgus2.csv"))
    curve = estimate_cumulative_incidence(competing_risk_table(frame, time="etime", cause="ev"))
    for expected, cause in zip(r, ("pcm", "death"), strict=True):
        for time in (60, 120, 240, 360):
            found = step_at(curve, strata="all", cause=cause, time=time)
            assert found["incidence"] == close(expected[str(time)])
