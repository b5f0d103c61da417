"""Tests over groups on frames whose chi-squared can be worked out by hand, and when they are withheld."""

from dataclasses import replace

import pandas as pd
import pytest
from scipy.stats import chi2

from dashboard.figures.clearance.group_test import after_draw_test
from dashboard.figures.clearance.material import Followed
from dashboard.figures.clearance.numbers import after_draw_ratios
from dashboard.figures.clearance.request import AfterDrawRequest, clearance_request, outcomes_of
from dashboard.figures.survival.group_test import log_rank_shown
from dashboard.figures.survival.request import SurvivalRequest
from dashboard.stats import Guards
from dashboard.studies.load import load_study
from dashboard.tables.group_test import GroupTest
from tests.clearance_study import study_text

CONFIRMATORY = Guards(is_confirmatory=True, small_analysis_below=4, p_value_min_per_group=2)
# A: events in months 1 and 2; B: in months 3 and 4. Month 1: 2 and 2 at risk, month 2: 1 and 2, then B alone.
# Observed less expected of A is 2 - 1/2 - 1/3 = 7/6, the variance 1/4 + 2/9 = 17/36.
LOG_RANK = 49 / 17
KEPT = pd.DataFrame(
    {
        "patient_id": ["P1", "P2", "P3", "P4"],
        "months": [1.0, 2.0, 3.0, 4.0],
        "entry_months": 0.0,
        "is_event": True,
        "status": "EVENT",
        "group": pd.Categorical(["A", "A", "B", "B"]),
    }
)
# P1 moves from A to B in month 2, P4 in month 1; events in months 6, 3, 5 and 4. At risk in A and B: month 3
# 2 and 2, month 4 1 and 2, month 5 1 and 1, then B alone. Observed less expected of A is 2 - 1/2 - 1/3 - 1/2.
MANTEL_BYAR = (2 / 3) ** 2 / (1 / 4 + 2 / 9 + 1 / 4)
MOVING = pd.DataFrame(
    [
        ("P1", 0.0, 2.0, False, "A"),
        ("P1", 2.0, 6.0, True, "B"),
        ("P2", 0.0, 3.0, True, "A"),
        ("P3", 0.0, 5.0, True, "A"),
        ("P4", 0.0, 1.0, False, "A"),
        ("P4", 1.0, 4.0, True, "B"),
    ],
    columns=["patient_id", "start", "stop", "event_observed", "state"],
).astype({"state": "category"})


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    (folder / "study.toml").write_text(study_text(), encoding="utf-8")
    return load_study(folder)


def of_page(study, guards=CONFIRMATORY):
    return SurvivalRequest(endpoint=outcomes_of(study)[0], guards=guards, grace_days=0, stale_days=0)


def of_draws(study, view, guards=CONFIRMATORY):
    clearance = replace(clearance_request(study), guards=guards)
    return AfterDrawRequest(clearance=clearance, endpoint=outcomes_of(study)[0], view=view)


def followed(kept):
    return Followed(kept=kept, excluded={}, n_cohort=4)


def test_the_log_rank_test_of_a_confirmatory_study_is_that_worked_out_by_hand(study):
    test = log_rank_shown(KEPT, request=of_page(study))
    assert test.chi_squared == pytest.approx(LOG_RANK, abs=1e-12)
    assert test.p_value == pytest.approx(chi2.sf(LOG_RANK, 1), abs=1e-12)
    assert test.words == (
        "Log-rank test over 2 groups: chi-squared 2.88, 1 degree of freedom, p = 0.090 "
        "(4 patients, 4 events)."
    )


@pytest.mark.parametrize("view", ["second_draw", "landmark"])
def test_from_a_later_draw_it_is_the_log_rank_test(study, view):
    test = after_draw_test(followed(KEPT), of_draws(study, view))
    assert (test.name, test.chi_squared) == ("Log-rank test", pytest.approx(LOG_RANK, abs=1e-12))


def test_where_patients_move_it_is_the_mantel_byar_test(study):
    test = after_draw_test(followed(MOVING), of_draws(study, "moving"))
    assert test.chi_squared == pytest.approx(MANTEL_BYAR, abs=1e-12)
    assert test.words == (
        "Mantel–Byar test over 2 groups: chi-squared 0.62, 1 degree of freedom, p = 0.433 "
        "(4 patients, 4 events)."
    )


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"is_confirmatory": False}, None),
        ({"small_analysis_below": 5}, None),
        ({"p_value_min_per_group": 3}, "not given, a group has fewer than 3 patients."),
    ],
)
@pytest.mark.parametrize(("kept", "view"), [(KEPT, "second_draw"), (MOVING, "moving")])
def test_one_limit_further_there_is_none(study, limits, said, kept, view):
    test = after_draw_test(followed(kept), of_draws(study, view, replace(CONFIRMATORY, **limits)))
    assert (test is None) == (said is None)
    assert said is None or test.words.endswith(said)


@pytest.mark.parametrize(("least", "has_p"), [(2, True), (3, False)])
def test_of_moving_groups_patients_are_counted_and_not_their_stretches(study, least, has_p):
    # P1 is in B twice, months 2 to 5 and 5.5 to 6: two patients in three stretches.
    back = pd.DataFrame(
        [("P1", 5.0, 5.5, False, "A"), ("P1", 5.5, 6.0, True, "B")], columns=list(MOVING.columns)
    )
    first = MOVING.astype({"state": str})
    first.loc[1, ["stop", "event_observed"]] = [5.0, False]
    kept = pd.concat([first, back], ignore_index=True).astype({"state": "category", "event_observed": bool})
    guards = replace(CONFIRMATORY, p_value_min_per_group=least)
    few = replace(guards, hazard_ratio_min_events=1, hazard_ratio_min_events_per_group=1)
    asked = of_draws(study, "moving", few)
    assert (after_draw_test(followed(kept), asked).p_value is not None) == has_p
    ((_model, ratio),) = after_draw_ratios(followed(kept), asked)
    assert (ratio.p_value is not None) == has_p


def test_the_biased_view_never_has_one(study):
    assert after_draw_test(followed(KEPT), of_draws(study, "naive")) is None


def test_one_group_or_no_event_has_none(study):
    alone = KEPT.assign(group=pd.Categorical(["A"] * 4))
    assert log_rank_shown(alone, request=of_page(study)) is None
    assert log_rank_shown(KEPT.assign(is_event=False), request=of_page(study)) is None


def test_groups_that_are_never_followed_together_are_not_compared(study):
    # B joins after everybody of A has left.
    apart = KEPT.assign(entry_months=[0.0, 0.0, 2.5, 2.5])
    assert log_rank_shown(apart, request=of_page(study)).words == (
        "Log-rank test over 2 groups: not given, the groups are never followed at the same time."
    )


def test_a_small_p_value_is_said_as_less_than_a_thousandth():
    test = GroupTest(
        name="Log-rank test",
        n=50,
        n_event=40,
        n_groups=3,
        smallest=10,
        least=10,
        unit="lesions",
        chi_squared=30.0,
        degrees_of_freedom=2,
        p_value=0.0009,
    )
    assert test.words == (
        "Log-rank test over 3 groups: chi-squared 30.00, 2 degrees of freedom, p < 0.001 "
        "(50 lesions, 40 events)."
    )
