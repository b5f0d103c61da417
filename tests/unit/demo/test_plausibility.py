"""What a clinician would find odd in a sample study (clinical-decisions F, last paragraph)."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from dashboard.demo.studies import CUT_OFFS
from dashboard.demo.truth import CANONICAL, extract_at
from tests.unit.demo.measures import VALID, Study, share

STUDIES = ("k4care", "cdk46", "oligomets")
SYSTEMIC_STUDIES = ("k4care", "cdk46")
LAST_CUT = CUT_OFFS[-1]
NEAR_PROGRESSION_DAYS = 14


@pytest.fixture
def study(request: pytest.FixtureRequest) -> Study:
    return request.getfixturevalue(request.param)


every_study = pytest.mark.parametrize("study", STUDIES, indirect=True)
every_systemic_study = pytest.mark.parametrize("study", SYSTEMIC_STUDIES, indirect=True)


@every_systemic_study
def test_a_partial_response_always_has_a_fall_of_thirty_per_cent_behind_it(study):
    partial = study.latent[study.latent["overall"] == "pr"]
    ratios = (partial["volume"] / partial["baseline_volume"]) ** (1 / 3)
    assert len(ratios) > 50
    assert ratios.max() <= 0.7001


@every_study
def test_every_radiological_progression_has_a_scan_on_its_day(study):
    response = study.frames["response"]
    scans = set(study.frames["imaging"][["patient_id", "imaged_on"]].itertuples(index=False, name=None))
    edited = {edit.row_key[0] for edit in study.truth.edits if edit.kind == "shifted_date"}
    seen = response[(response["basis"] == "imaging") & ~response["patient_id"].isin(edited)]
    assert all(key in scans for key in seen[["patient_id", "assessed_on"]].itertuples(index=False, name=None))


@every_study
def test_no_sample_is_reported_or_received_before_it_is_drawn(study):
    rows = study.samples
    assert all(a <= b for a, b in zip(rows["collected_on"], rows["received_on"], strict=True))
    assert all(a < b for a, b in zip(rows["collected_on"], rows["reported_on"], strict=True))


@every_study
def test_a_result_is_known_only_after_its_report(study):
    for cut_off in CUT_OFFS:
        rows = extract_at(study.truth, cut_off)["ctdna_sample"]
        pending = rows["status"] == "pending"
        assert rows[pending]["reported_on"].isna().all()
        assert max(rows[~pending]["reported_on"]) <= cut_off


@pytest.mark.parametrize("study", SYSTEMIC_STUDIES, indirect=True)
def test_performance_status_worsens_before_death_in_four_of_five(study):
    ecog = study.frames["measurement"].query("name == 'ecog'").sort_values("measured_on")
    worse = []
    for patient_id in study.died:
        values = list(ecog[ecog["patient_id"] == patient_id]["value"])
        if len(values) > 1:
            worse.append(values[-1] > values[0])
    assert len(worse) > 40
    assert share(worse) > 0.8


@every_study
def test_nothing_happens_after_death(study):
    skipped = {"reported_on", "received_on"}
    for name, frame in study.frames.items():
        if "patient_id" not in frame:
            continue
        for column in (field.name for field in CANONICAL[name].fields if field.type == "date"):
            if column in frame and column not in skipped:
                for patient_id, day in zip(frame["patient_id"], frame[column], strict=True):
                    assert day is None or patient_id not in study.died or day <= study.died[patient_id], (
                        name,
                        column,
                    )


@every_study
def test_every_date_but_the_birth_date_is_a_weekday(study):
    for name, frame in study.frames.items():
        for column in (field.name for field in CANONICAL[name].fields if field.type == "date"):
            if column in frame and column != "born_on":
                assert all(day.weekday() < 5 for day in frame[column].dropna()), (name, column)


def test_severe_neutropenia_is_followed_by_a_hold_or_a_reduction_in_most(cdk46):
    events, treatment = cdk46.frames["adverse_event"], cdk46.frames["treatment"]
    steps = treatment[treatment["kind"].isin(["dose_hold", "dose_reduction"])]
    severe = events[(events["term"] == "neutrophil count decreased") & (events["grade"] >= 3)]
    followed = []
    for patient_id, onset in zip(severe["patient_id"], severe["started_on"], strict=True):
        days = [(day - onset).days for day in steps[steps["patient_id"] == patient_id]["started_on"]]
        followed.append(any(0 <= day <= 7 for day in days))
    assert share(followed) > 0.6


def test_allele_fraction_and_diameters_correlate_moderately_within_a_tumour_type(k4care_pool, cdk46_pool):
    for name in ("lung", "colorectal", "breast"):
        levels, sums = [], []
        for study in (*k4care_pool, *(cdk46_pool if name == "breast" else [])):
            lesion = study.frames["lesion"]
            target = lesion[(lesion["role"] == "target") & (lesion["visit"] == "baseline")]
            by_scan = target.groupby(["patient_id", "assessed_on"])["diameter_mm"].sum().reset_index()
            total = by_scan.drop_duplicates("patient_id").set_index("patient_id")["diameter_mm"]
            first = study.samples[
                study.samples["draw"].isin(["draw 1", "baseline"]) & (study.samples["status"] == "detected")
            ]
            for row in first.itertuples():
                scanned = by_scan[by_scan["patient_id"] == row.patient_id]["assessed_on"].min()
                is_near = scanned == scanned and abs((row.collected_on - scanned).days) < 45
                if (
                    is_near
                    and study.patients["tumour_type"][row.patient_id] == name
                    and row.sample_id in study.highest_ppm
                ):
                    levels.append(np.log(study.highest_ppm[row.sample_id]))
                    sums.append(float(total[row.patient_id]))
        assert len(levels) > 50
        assert 0.35 <= spearmanr(levels, sums)[0] <= 0.6, name


def test_ctdna_rises_before_progression_in_two_thirds_to_four_fifths_of_those_who_shed(cdk46_pool):
    risen = []
    for study in cdk46_pool:
        progressed = study.latent[(study.latent["overall"] == "pd") & (study.latent["line"] == 1)]
        for patient_id, day in progressed.groupby("patient_id")["day"].min().items():
            rows = study.samples[
                (study.samples["patient_id"] == patient_id) & study.samples["status"].isin(VALID)
            ]
            rows = rows[rows["collected_on"] < dt.date.fromordinal(day - NEAR_PROGRESSION_DAYS)].sort_values(
                "collected_on"
            )
            levels = [study.highest_ppm.get(sample_id, 0.0) for sample_id in rows["sample_id"]]
            if len(levels) >= 2 and max(levels) > 0:
                risen.append(levels[-1] >= 2 * min(levels[:-1]) and levels[-1] > 0)
    assert 0.65 <= share(risen) <= 0.80


def test_about_one_in_ten_pairs_is_discordant_each_way(k4care_pool):
    cleared_with_progression_or_stable, detected_with_response = [], []
    for study in k4care_pool:
        detected = set(
            study.samples[(study.samples["draw"] == "draw 1") & (study.samples["status"] == "detected")][
                "patient_id"
            ]
        )
        for row in study.samples[
            (study.samples["draw"] == "draw 2") & study.samples["status"].isin(VALID)
        ].itertuples():
            response = study.paired_response(row.patient_id, row.collected_on)
            if row.patient_id in detected and response is not None:
                is_cleared = row.status == "not_detected"
                cleared_with_progression_or_stable.append(is_cleared and response not in ("cr", "pr"))
                detected_with_response.append(not is_cleared and response in ("cr", "pr"))
    assert share(cleared_with_progression_or_stable) == pytest.approx(0.10, abs=0.04)
    assert share(detected_with_response) == pytest.approx(0.10, abs=0.04)


def reasons_to_look(study: Study) -> dict[str, set[str]]:
    """Patients of the last data cut by reason, in the plainest reading of A33."""
    frames = extract_at(study.truth, LAST_CUT)
    gone = set(frames["contact"].query("vital_status in ('dead', 'lost')")["patient_id"]) | set(
        frames["disposition"].query("kind in ('withdrawal_of_consent', 'transfer')")["patient_id"]
    )
    found: dict[str, set[str]] = {}
    treatment = frames["treatment"][
        (frames["treatment"]["kind"] == "systemic") & frames["treatment"]["line"].notna()
    ]
    for patient_id in set(study.patients.index) - gone:
        scans = sorted(frames["imaging"][frames["imaging"]["patient_id"] == patient_id]["imaged_on"])
        response = frames["response"][frames["response"]["patient_id"] == patient_id].sort_values(
            "assessed_on"
        )
        sample = frames["ctdna_sample"][frames["ctdna_sample"]["patient_id"] == patient_id].sort_values(
            "collected_on"
        )
        drugs = treatment[treatment["patient_id"] == patient_id]
        for reason in _reasons(study, scans, response, sample, drugs):
            found.setdefault(reason, set()).add(patient_id)
    return found


def _reasons(
    study: Study, scans: list[dt.date], response: pd.DataFrame, sample: pd.DataFrame, drugs: pd.DataFrame
) -> set[str]:
    reasons = set()
    overall = response["overall"].iloc[-1] if len(response) else None
    assessed = response["assessed_on"].iloc[-1] if len(response) else None
    if overall == "pd" and (LAST_CUT - assessed).days < 92:
        reasons.add("new progression")
    if len(sample) and sample["status"].iloc[-1] == "failed":
        reasons.add("failed, no redraw")
    if any((LAST_CUT - day).days > 21 for day in sample[sample["status"] == "pending"]["collected_on"]):
        reasons.add("pending long")
    if len(drugs) and drugs["is_ongoing"].any() and scans and (LAST_CUT - scans[-1]).days > 98:
        reasons.add("scan overdue")
    if (
        len(drugs)
        and not drugs["is_ongoing"].any()
        and (LAST_CUT - max(drugs["ended_on"].dropna())).days > 28
    ):
        reasons.add("stopped, no next step")
    return reasons | _ctdna_reasons(study, scans, sample, overall, assessed)


def _ctdna_reasons(
    study: Study, scans: list[dt.date], sample: pd.DataFrame, overall: str | None, assessed: dt.date | None
) -> set[str]:
    valid = sample[sample["status"].isin(VALID)]
    if len(valid) < 2:
        return set()
    reasons, levels = set(), [study.highest_ppm.get(sample_id, 0.0) for sample_id in valid["sample_id"]]
    last, drawn = levels[-1], valid["collected_on"].iloc[-1]
    if (
        last > 0
        and 0 in levels[:-1]
        and not any(0 <= (day - drawn).days <= 42 for day in scans)
        and (LAST_CUT - drawn).days > 42
    ):
        reasons.add("detected again, no scan")
    if min(levels) > 0 and last >= 2 * min(levels[:-1]) and overall not in (None, "pd"):
        reasons.add("rising, no progression")
    if overall == "pd" and valid["status"].iloc[-1] == "not_detected" and abs((drawn - assessed).days) <= 42:
        reasons.add("progression, not detected")
    if overall == "cr" and last > 0:
        reasons.add("detected in complete response")
    return reasons


@pytest.mark.parametrize("study", SYSTEMIC_STUDIES, indirect=True)
def test_every_reason_to_look_has_two_patients_at_the_last_data_cut(study):
    found = reasons_to_look(study)
    expected = (
        "new progression",
        "detected again, no scan",
        "rising, no progression",
        "progression, not detected",
        "detected in complete response",
        "scan overdue",
        "failed, no redraw",
        "pending long",
        "stopped, no next step",
    )
    assert {reason: len(found.get(reason, ())) for reason in expected if len(found.get(reason, ())) < 2} == {}
    assert len(study.truth.planted["response_differs"]) >= 2


def test_a_new_esr1_variant_is_reported_in_the_last_quarter(cdk46):
    before, last = (extract_at(cdk46.truth, cut_off)["variant"] for cut_off in CUT_OFFS[1:])
    patient = dict(zip(cdk46.samples["sample_id"], cdk46.samples["patient_id"], strict=True))
    known, now = ({patient[s] for s in rows[rows["gene"] == "ESR1"]["sample_id"]} for rows in (before, last))
    assert len(now - known) >= 2
