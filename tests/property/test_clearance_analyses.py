"""The analyses of the clearance page: a true null is kept, and nobody is lost (clinical-decisions A10)."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from dashboard.figures.clearance.groups import groups_of
from dashboard.figures.clearance.material import Followed, Material
from dashboard.figures.clearance.request import AfterDrawRequest, ClearanceRequest
from dashboard.stats import Guards
from dashboard.studies.endpoints import Endpoint
from dashboard.tables.clearance import (
    PLACES,
    WITH_CHANGE,
    WITHOUT_RESPONSE,
    Scheme,
    change_table,
    reconciliation,
)
from dashboard.tables.clearance_survival import EXCLUDED

from .simulated_cohorts import DAY_0, clearance_cohorts, draws_of, log_rank_of_each, patients_of

N_SEEDS = 500
SCENARIOS = {"draws on day 90 to 180": (90, 180), "draws on day 80 to 260": (80, 260)}
CRITICAL = stats.chi2.isf(0.05, 1)
VIEWS = ("second_draw", "landmark", "moving", "naive")
CLEAR = Scheme(code="CLEAR", label="ctDNA clearance", kind="clearance")
PFS = Endpoint(id="PFS", label="PFS", origin="enrolment", events=["death"], censor=["known_alive"])


def asked(view: str, *, leaves_out: bool = False) -> AfterDrawRequest:
    clearance = ClearanceRequest(scheme=CLEAR, guards=Guards())
    return AfterDrawRequest(clearance=clearance, endpoint=PFS, view=view, leaves_out_suspicion=leaves_out)


@cache
def material(scenario: str) -> Material:
    """The fixture of A10 as the page reads it: clearance without any effect."""
    found = clearance_cohorts(N_SEEDS, drawn_within=SCENARIOS[scenario], hazard_ratio=1.0)
    patients = patients_of(found).assign(
        enrolled_on=DAY_0,
        without_baseline=None,
        is_baseline_of_other_origin=False,
        status=np.where(found["event_observed"], "EVENT", "CENSORED"),
    )
    draws = draws_of(found)
    named = {"cleared": "CLEARED", "detected": "NOT_CLEARED"}
    return Material(
        patients=patients,
        draws=draws.assign(group=draws["group"].map(named), is_suspicion=False, is_without_ratio=False),
    )


def share_rejected(scenario: str, view: str) -> float:
    """In how many of the simulated cohorts the view would find an effect that is not there."""
    simulated = material(scenario)
    kept = groups_of(simulated, asked(view)).kept
    if view == "moving":
        seeds = simulated.patients.set_index("patient_id")["seed"]
        rows = kept.assign(seed=kept["patient_id"].map(seeds), group=kept["state"])
    else:
        rows = kept.assign(start=0.0, stop=kept["months"])
    named = {"naive": "Cleared at any time", "moving": "Not detected at the time"}
    first = named.get(view, "Cleared")
    tested = log_rank_of_each(rows.assign(group=rows["group"].astype(str)), first=first)
    assert len(tested) == N_SEEDS
    return float((tested["chi_squared"] > CRITICAL).mean())


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("view", ["second_draw", "landmark", "moving"])
def test_the_views_shown_by_default_keep_a_true_null(scenario: str, view: str) -> None:
    assert share_rejected(scenario, view) <= 0.07


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_view_behind_the_switch_rejects_a_true_null_nearly_always(scenario: str) -> None:
    assert share_rejected(scenario, "naive") > 0.90


@st.composite
def materials(draw: st.DrawFn) -> Material:
    """Any patients: with or without baseline, end of follow-up and draws."""
    size = draw(st.integers(1, 12))
    day = st.integers(-30, 400)
    patients, draws = [], []
    for number in range(size):
        one = f"P{number}"
        has_baseline, has_end = draw(st.booleans()), draw(st.booleans())
        baseline = DAY_0 + pd.Timedelta(days=draw(st.integers(-20, 40)))
        status = draw(st.sampled_from(["EVENT", "CENSORED", "NOT_AT_RISK"])) if has_end else "NOT_AT_RISK"
        without = ["NO_PRE_TREATMENT", "NOT_DETECTED_AT_BASELINE", None]
        why = draw(st.sampled_from(without if has_baseline else ["NO_SAMPLE", "NO_BASELINE"]))
        patients.append(
            {
                "patient_id": one,
                "enrolled_on": DAY_0,
                "index_on": DAY_0,
                "baseline_on": baseline if has_baseline else pd.NaT,
                "without_baseline": why,
                "is_baseline_of_other_origin": has_baseline and draw(st.booleans()),
                "ended_on": DAY_0 + pd.Timedelta(days=draw(day)) if has_end else pd.NaT,
                "status": status,
                "event_observed": status == "EVENT",
            }
        )
        for later in sorted(draw(st.sets(st.integers(1, 300), max_size=3))) if has_baseline else []:
            draws.append(
                {
                    "patient_id": one,
                    "collected_on": baseline + pd.Timedelta(days=later),
                    "is_valid": draw(st.booleans()),
                    "group": draw(st.sampled_from(["CLEARED", "NOT_CLEARED", "NOT_EVALUABLE"])),
                    "is_suspicion": draw(st.booleans()),
                    "is_without_ratio": draw(st.booleans()),
                }
            )
    columns = ["patient_id", "collected_on", "is_valid", "group", "is_suspicion", "is_without_ratio"]
    typed = pd.DataFrame(draws, columns=columns).astype(
        {"collected_on": "datetime64[ns]", "is_valid": bool, "is_suspicion": bool, "is_without_ratio": bool}
    )
    dates = dict.fromkeys(("baseline_on", "ended_on", "enrolled_on", "index_on"), "datetime64[ns]")
    return Material(patients=pd.DataFrame(patients).astype(dates), draws=typed)


def check(followed: Followed) -> None:
    assert followed.n + sum(followed.excluded.values()) == followed.n_cohort
    assert set(followed.excluded) <= set(EXCLUDED)
    assert all(n > 0 for n in followed.excluded.values())
    times = followed.kept["stop" if "stop" in followed.kept else "months"]
    assert (times >= 0).all()


@settings(max_examples=60, deadline=None)
@given(materials(), st.sampled_from(VIEWS), st.booleans())
def test_whoever_is_not_in_an_analysis_has_one_reason(found: Material, view: str, leaves_out: bool) -> None:
    check(groups_of(found, asked(view, leaves_out=leaves_out)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*PLACES, *WITH_CHANGE]),
            st.sampled_from(["CLEARED", "NOT_CLEARED"]),
            st.sampled_from(["CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE"]),
            st.sampled_from(["PAIRED", *WITHOUT_RESPONSE]),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_rows_and_columns_of_the_table_add_up_to_all_patients(
    patients: list[tuple[str, str, str, str]],
) -> None:
    rows = pd.DataFrame(patients, columns=["place", "category", "near_response", "imaging_rule"])
    # In the rows of a known change the reason there is no response is the place itself.
    rows["imaging_rule"] = rows["imaging_rule"].mask(rows["place"].isin(WITH_CHANGE), rows["place"])
    rows["near_response"] = rows["near_response"].where(rows["imaging_rule"] == "PAIRED")
    assert sum(reconciliation(rows).values()) == len(rows)
    table = change_table(rows, scheme=CLEAR, is_post_local=False, counts_only_below=25)
    table = table.set_index("ctDNA, baseline to second draw").filter(regex="^[^%]").astype(int)
    total = table.pop("Total")
    assert (table.sum(axis="columns") == total).all()
    assert (table.loc["Change from baseline known"] == table.loc[["Cleared", "Still detected"]].sum()).all()
    parts = table.drop(index=["Cleared", "Still detected", "All patients"])
    assert (table.loc["All patients"] == parts.sum()).all()
    assert total["All patients"] == len(rows)
