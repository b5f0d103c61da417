"""Time to ctDNA clearance as the sample studies define it (docs/decisions 0024)."""

import pandas as pd
import pytest

from dashboard.stats import competing_risk_table, estimate_cumulative_incidence
from tests.unit.marts.outcome.clearing import PATIENTS, times

OUTCOMES = {
    "cleared on day 60": ("EVENT", 60),
    "detected, PD on day 100": ("COMPETING", 100),
    "detected, last seen on day 200": ("CENSORED", 200),
    "no second sample, last seen on day 200": ("CENSORED", 200),
    "no second sample, died on day 150": ("COMPETING", 150),
    "second sample failed, last seen on day 200": ("CENSORED", 200),
}


@pytest.mark.parametrize("study_id", ["k4care", "cdk46", "pulmonary-oligomets"])
def test_who_is_not_seen_to_clear_stays_at_risk_until_the_last_contact(study_id):
    assert {row[0]: row[1:] for row in times(study_id, PATIENTS)} == OUTCOMES


def test_one_of_six_cleared_is_one_sixth_and_not_one_of_those_sampled_again():
    rows = pd.DataFrame(times("k4care", PATIENTS), columns=["patient_id", "status", "months"])
    cause = pd.Categorical(
        rows["status"].map({"EVENT": "cleared", "COMPETING": "other"}), categories=["cleared", "other"]
    )
    table = competing_risk_table(rows.assign(cause=cause), time="months", cause="cause")
    last = estimate_cumulative_incidence(table).groupby("cause", observed=True)["incidence"].max()
    # Nobody is censored before day 200: 1 of 6 cleared, 2 of 6 progressed or died.
    assert last["cleared"] == pytest.approx(1 / 6, abs=1e-12)
    assert last["other"] == pytest.approx(2 / 6, abs=1e-12)


@pytest.mark.parametrize(("progressed", "status"), [(59, "COMPETING"), (60, "EVENT"), (61, "EVENT")])
def test_a_progression_before_the_clear_sample_comes_first_on_its_day_the_clearance(progressed, status):
    one = {"P": ([(60, "not_detected")], progressed, (200, "alive"))}
    assert times("k4care", one)[0][1] == status


@pytest.mark.parametrize(("seen", "days"), [(59, 60), (60, 60), (61, 61)])
def test_a_draw_is_a_contact_as_any_other(seen, days):
    one = {"P": ([(60, "detected")], None, (seen, "alive"))}
    assert times("k4care", one) == [("P", "CENSORED", days)]
