"""The views of the clearance page on one simulated cohort: hazard ratio, limits, p and tests are those of R.

Absolute, to 1e-6. `one_seed.R` made the answers of `one_seed_r.csv` from the patients of `one_seed.csv`, who
are those of seed 0: once without any effect of clearance, once with a hazard ratio of 0.6 (A10).
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.figures.clearance.group_test import after_draw_test
from dashboard.figures.clearance.groups import groups_of
from dashboard.figures.clearance.material import Followed, Material
from dashboard.figures.clearance.numbers import ADJUSTED, EXTENDED, UNADJUSTED, after_draw_ratios
from dashboard.figures.clearance.request import AfterDrawRequest, ClearanceRequest
from dashboard.stats import Guards
from dashboard.studies.endpoints import Endpoint
from dashboard.tables.clearance import Scheme
from tests.property.simulated_cohorts import DAY_0, clearance_cohorts, draws_of, patients_of

FOLDER = Path(__file__).parent
TOLERANCE = 1e-6
TRUE_RATIOS = (1.0, 0.6)
MODELS = {
    ("second_draw", UNADJUSTED): "plain",
    ("second_draw", ADJUSTED): "adjusted",
    ("landmark", UNADJUSTED): "plain",
    ("landmark", ADJUSTED): "adjusted",
    ("moving", EXTENDED): "plain",
}
CLEAR = Scheme(code="CLEAR", label="ctDNA clearance", kind="clearance")
PFS = Endpoint(id="PFS", label="PFS", origin="enrolment", events=["death"], censor=["known_alive"])
ANSWERS = pd.read_csv(FOLDER / "one_seed_r.csv").set_index(["true_hazard_ratio", "analysis", "model"])


def cohort(true_ratio: float) -> pd.DataFrame:
    return clearance_cohorts(1, drawn_within=(90, 180), hazard_ratio=true_ratio)


def material(found: pd.DataFrame) -> Material:
    """The cohort as the page reads it."""
    patients = patients_of(found).assign(
        enrolled_on=DAY_0,
        without_baseline=None,
        is_baseline_of_other_origin=False,
        status=np.where(found["event_observed"], "EVENT", "CENSORED"),
    )
    draws = draws_of(found)
    groups = draws["group"].map({"cleared": "CLEARED", "detected": "NOT_CLEARED"})
    return Material(
        patients=patients, draws=draws.assign(group=groups, is_suspicion=False, is_without_ratio=False)
    )


def asked(view: Any) -> AfterDrawRequest:
    clearance = ClearanceRequest(scheme=CLEAR, guards=Guards(is_confirmatory=True))
    return AfterDrawRequest(clearance=clearance, endpoint=PFS, view=view)


def analysed(view: str, true_ratio: float) -> Followed:
    return groups_of(material(cohort(true_ratio)), asked(view))


@pytest.mark.parametrize("true_ratio", TRUE_RATIOS)
def test_r_was_given_the_patients_of_seed_0(true_ratio: float) -> None:
    given = pd.read_csv(FOLDER / "one_seed.csv").query("true_hazard_ratio == @true_ratio")
    columns = ["patient_id", "time", "event_observed", "drawn_at", "clears"]
    assert given[columns].to_numpy().tolist() == cohort(true_ratio)[columns].astype(int).to_numpy().tolist()
    assert len(given) == 200


@pytest.mark.parametrize("true_ratio", TRUE_RATIOS)
@pytest.mark.parametrize("view", ["second_draw", "landmark", "moving"])
def test_hazard_ratio_limits_and_p_are_those_of_coxph(view: str, true_ratio: float) -> None:
    found = after_draw_ratios(analysed(view, true_ratio), asked(view))
    assert {(view, model) for model, _ in found} == {key for key in MODELS if key[0] == view}
    for model, ratio in found:
        r = ANSWERS.loc[(true_ratio, view, MODELS[view, model])]
        names = CLEAR.at_the_time if view == "moving" else CLEAR.categories
        assert (ratio.group, ratio.reference) == (names["CLEARED"], names["NOT_CLEARED"])
        assert ratio.n_event + ratio.n_event_reference == r["n_event"]
        assert (ratio.estimate, ratio.lower, ratio.upper, ratio.p_value) == tuple(
            pytest.approx(r[name], abs=TOLERANCE, rel=0)
            for name in ("hazard_ratio", "lower", "upper", "p_value")
        )


@pytest.mark.parametrize("true_ratio", TRUE_RATIOS)
@pytest.mark.parametrize("view", ["second_draw", "landmark", "moving"])
def test_log_rank_and_mantel_byar_are_those_of_r(view: str, true_ratio: float) -> None:
    test = after_draw_test(analysed(view, true_ratio), asked(view))
    r = ANSWERS.loc[(true_ratio, view, "plain")]
    assert test is not None
    assert test.n_event == r["n_event"]
    assert (test.chi_squared, test.p_value) == (
        pytest.approx(r["chi_squared"], abs=TOLERANCE, rel=0),
        pytest.approx(r["test_p_value"], abs=TOLERANCE, rel=0),
    )


@pytest.mark.parametrize("view", ["second_draw", "landmark", "moving"])
def test_does_it_fail_when_one_draw_shows_the_other(view: str) -> None:
    found = cohort(1.0)
    # A draw that is in every view.
    there = found.index[found["is_drawn"] & (found["time"] > 200)][0]
    found.loc[there, "clears"] = not found.loc[there, "clears"]
    (_model, ratio), *_ = after_draw_ratios(groups_of(material(found), asked(view)), asked(view))
    r = ANSWERS.loc[(1.0, view, "plain")]
    assert ratio.estimate != pytest.approx(r["hazard_ratio"], abs=TOLERANCE, rel=0)
