"""Targets of the sample study k4care (clinical-decisions F); small groups pool three seeds."""

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter

from dashboard.demo.k4care_visits import SET_LEVEL_PPM
from dashboard.demo.parameters_k4care import TUMOURS
from tests.unit.demo.measures import VALID, Study, best, median_months, share, share_at

INDEX_GRACE_DAYS = 28
TRACKED = ("lung", "colorectal", "breast", "gastric", "liver", "ovarian")


def index_lines(study: Study) -> dict[str, tuple[int, object]]:
    """Line at enrolment: the last one started at most 28 days after it."""
    found: dict[str, tuple[int, object]] = {}
    for (patient_id, line), start in study.line_starts().items():
        if (start - study.patients["enrolled_on"][patient_id]).days <= INDEX_GRACE_DAYS:
            found[patient_id] = (int(line), start)
    return found


def first_draws(study: Study) -> pd.DataFrame:
    rows = study.samples[(study.samples["draw"] == "draw 1") & study.samples["status"].isin(VALID)]
    rows = rows.set_index("patient_id")
    starts = {patient_id: start for patient_id, (_, start) in index_lines(study).items()}
    rows = rows[rows.index.isin(starts)]
    days = [(row.collected_on - starts[patient_id]).days for patient_id, row in rows.iterrows()]
    return rows.assign(
        is_pre_treatment=[-28 <= day <= 7 for day in days],
        tumour=study.patients["tumour_type"].reindex(rows.index),
        is_detected=rows["status"] == "detected",
    )


def second_draw_pairs(study: Study) -> pd.DataFrame:
    """Second draws after a detected first one, with the response paired to them."""
    first = first_draws(study)
    planted = {patient_id for name in SET_LEVEL_PPM for patient_id in study.truth.planted[name]}
    planted |= set(study.truth.planted["rising_without_progression"])
    rows = study.samples[(study.samples["draw"] == "draw 2") & study.samples["status"].isin(VALID)]
    found = []
    for row in rows.itertuples():
        if (
            row.patient_id in planted
            or row.patient_id not in first.index
            or not first.is_detected[row.patient_id]
        ):
            continue
        level = study.highest_ppm.get(row.sample_id, 0.0) / study.highest_ppm[first.sample_id[row.patient_id]]
        response = study.paired_response(row.patient_id, row.collected_on)
        found.append((row.patient_id, row.collected_on, row.status == "not_detected", level, response))
    return pd.DataFrame(found, columns=["patient_id", "drawn", "is_cleared", "ratio", "response"])


def test_two_hundred_patients_are_enrolled_between_march_2025_and_march_2026(k4care):
    enrolled = k4care.patients["enrolled_on"]
    assert len(enrolled) == 200
    assert (min(enrolled).year, min(enrolled).month) == (2025, 3)
    assert (max(enrolled).year, max(enrolled).month) == (2026, 3)


def test_enrolment_starts_slowly_and_dips_at_tet(k4care):
    months = pd.Series([f"{day:%Y-%m}" for day in k4care.patients["enrolled_on"]]).value_counts()
    assert months["2025-03"] == pytest.approx(8, abs=1)
    assert months[["2025-10", "2025-11"]].min() >= 19
    assert months["2026-02"] <= 10


def test_the_mix_of_tumours_is_within_four_points(k4care):
    mix = k4care.patients["tumour_type"].value_counts(normalize=True)
    for name, kind in TUMOURS.items():
        assert mix[name] == pytest.approx(kind.share, abs=0.04), name


def test_age_and_sex(k4care):
    ages = k4care.patients["age_years"].astype(float)
    assert np.median(ages) == pytest.approx(60, abs=3)
    assert np.percentile(ages, [25, 75]) == pytest.approx([51, 67], abs=4)
    assert share(k4care.patients["sex"] == "female") == pytest.approx(0.48, abs=0.07)


def test_line_at_enrolment(k4care):
    lines = pd.Series([line for line, _ in index_lines(k4care).values()]).value_counts(normalize=True)
    assert [lines[1], lines[2], lines[3]] == pytest.approx([0.60, 0.26, 0.14], abs=0.04)


def test_two_thirds_of_the_first_draws_lie_before_treatment(k4care):
    assert share(first_draws(k4care)["is_pre_treatment"]) == pytest.approx(0.65, abs=0.05)


def test_detection_before_treatment_by_tumour_is_within_six_points(k4care_pool):
    draws = pd.concat([first_draws(study) for study in k4care_pool])
    draws = draws[draws["is_pre_treatment"]]
    for name in TRACKED:
        assert share(draws[draws["tumour"] == name]["is_detected"]) == pytest.approx(
            TUMOURS[name].detected, abs=0.06
        ), name


def test_first_draws_on_treatment_are_detected_about_two_thirds_as_often(k4care_pool):
    draws = pd.concat([first_draws(study) for study in k4care_pool])
    before, during = (
        share(draws[draws["is_pre_treatment"] == value]["is_detected"]) for value in (True, False)
    )
    assert during / before == pytest.approx(0.65, abs=0.1)


@pytest.mark.parametrize("name", ["lung", "colorectal", "breast"])
def test_the_highest_allele_fraction_before_treatment(k4care_pool, name):
    levels = []
    for study in k4care_pool:
        rows = first_draws(study)
        rows = rows[rows["is_pre_treatment"] & rows["is_detected"] & (rows["tumour"] == name)]
        levels += [study.highest_ppm[sample_id] / 10_000 for sample_id in rows["sample_id"]]
    assert np.median(levels) == pytest.approx(TUMOURS[name].maf_median_percent, rel=0.65)


def test_two_to_ten_variants_are_followed_with_a_mean_about_half_of_the_highest(k4care):
    variants = k4care.frames["variant"]
    counts = variants.groupby("sample_id").size()
    assert (counts.min(), counts.median(), counts.max()) == (2, pytest.approx(4, abs=0.5), 10)
    detected = variants[variants["maf_ppm"].notna()]
    sums = detected.groupby("sample_id")["maf_ppm"].sum().astype(float)
    high = k4care.highest_ppm[k4care.highest_ppm > 20_000]
    ratios = sums[high.index] / counts[high.index] / high
    assert np.mean(ratios) == pytest.approx(0.55, abs=0.08)
    assert variants["maf_ppm"].dropna().min() >= 200


def test_response_by_line_and_overall(k4care):
    lines = index_lines(k4care)
    bests = {p: best(r for _, r in k4care.assessments(line, p)) for p, (line, _) in lines.items()}
    by_line = {
        n: share(bests[p] in ("cr", "pr") for p, (line, _) in lines.items() if line == n) for n in (1, 2, 3)
    }
    assert [by_line[1], by_line[2], by_line[3]] == pytest.approx([0.40, 0.20, 0.10], abs=0.05)
    assert share(value in ("cr", "pr") for value in bests.values()) == pytest.approx(0.30, abs=0.05)
    assert share(value in ("cr", "pr", "sd") for value in bests.values()) == pytest.approx(0.70, abs=0.07)


# Medians fall on scans, nine to twelve weeks apart, so that of line 3 can only be the first or the second.
@pytest.mark.parametrize(("line", "months"), [(1, 8.5), (2, 4.5), (3, 2.8)])
def test_progression_free_survival_by_line(k4care_pool, line, months):
    times = [
        time
        for study in k4care_pool
        for time in study.progression_free(
            {p: s for p, (n, s) in index_lines(study).items() if n == line}, line
        )
    ]
    assert median_months(times) == pytest.approx(months, rel=0.2 if line < 3 else 0.4)


def test_overall_survival_from_enrolment(k4care_pool):
    times = []
    for study in k4care_pool:
        for patient_id, enrolled in study.patients["enrolled_on"].items():
            died = study.died.get(patient_id)
            times.append((((died or study.last_contact[patient_id]) - enrolled).days, died is not None, -1))
    assert share_at(times, 365) == pytest.approx(0.62, abs=0.05)
    assert 1 - share_at(times, 182) == pytest.approx(0.14, abs=0.04)
    assert median_months(times) == pytest.approx(16, abs=2.5)


def test_second_draws_among_those_alive_at_month_six(k4care_pool):
    kinds = {"early": 0, "window": 0, "late": 0, "none": 0}
    for study in k4care_pool:
        for patient_id, enrolled in study.patients["enrolled_on"].items():
            if (
                study.patients["tumour_type"][patient_id] == "other"
                or (study.last_contact[patient_id] - enrolled).days < 183
            ):
                continue
            rows = study.samples[
                (study.samples["patient_id"] == patient_id) & (study.samples["draw"] == "draw 2")
            ]
            day = (rows["collected_on"].iloc[0] - enrolled).days if len(rows) else None
            kinds["none" if day is None else "early" if day < 90 else "window" if day <= 184 else "late"] += 1
    done = kinds["early"] + kinds["window"] + kinds["late"]
    assert done / sum(kinds.values()) == pytest.approx(0.74, abs=0.05)
    assert [kinds["early"] / done, kinds["window"] / done, kinds["late"] / done] == pytest.approx(
        [0.12, 0.70, 0.18], abs=0.06
    )


def test_clearance_at_the_second_draw_follows_response(k4care_pool):
    pairs = pd.concat([second_draw_pairs(study) for study in k4care_pool])
    paired = pairs[pairs["response"].notna()]
    cleared = {
        name: share(paired[paired["response"].isin(group)]["is_cleared"])
        for name, group in {
            "response": ("cr", "pr"),
            "stable": ("sd", "non_cr_non_pd"),
            "progression": ("pd",),
        }.items()
    }
    assert share(pairs["is_cleared"]) == pytest.approx(0.28, abs=0.05)
    assert cleared["response"] == pytest.approx(0.55, abs=0.15)
    assert cleared["stable"] == pytest.approx(0.22, abs=0.1)
    assert cleared["progression"] == pytest.approx(0.04, abs=0.05)
    assert share(paired[paired["response"] == "pd"]["ratio"] > 1) == pytest.approx(0.75, abs=0.15)


def test_progression_after_the_second_draw_is_rarer_after_clearance(k4care_pool):
    rows = []
    for study in k4care_pool:
        lines = index_lines(study)
        for pair in second_draw_pairs(study).itertuples():
            drawn = pair.drawn.toordinal()
            scans = study.assessments(lines[pair.patient_id][0], pair.patient_id)
            died = study.died.get(pair.patient_id)
            ends = [(day, overall == "pd") for day, overall in scans if day > drawn]
            if scans and scans[-1][1] == "pd" and scans[-1][0] <= drawn:
                continue
            end, event = ends[-1] if ends else (drawn + 1, False)
            if not event and died is not None and died.toordinal() - max(end, drawn) < 200:
                end, event = died.toordinal(), True
            rows.append((max(end - drawn, 1), event, float(pair.is_cleared)))
    frame = pd.DataFrame(rows, columns=["days", "event", "cleared"])
    ratio = CoxPHFitter().fit(frame, "days", "event").hazard_ratios_["cleared"]
    assert 0.25 <= ratio <= 0.5


def test_three_in_a_hundred_samples_fail_and_reports_take_six_to_fourteen_working_days(k4care_pool):
    planted = {
        p
        for s in k4care_pool
        for n in ("only_failed_samples", "failed_without_redraw")
        for p in s.truth.planted[n]
    }
    samples = pd.concat([s.samples for s in k4care_pool])
    assert share(samples[~samples["patient_id"].isin(planted)]["status"] == "failed") == pytest.approx(
        0.03, abs=0.015
    )
    slow = {p for s in k4care_pool for p in s.truth.planted["pending_long"]}
    edited = {edit.row_key[0] for s in k4care_pool for edit in s.truth.edits}
    rows = samples[~samples["patient_id"].isin(slow) & ~samples["sample_id"].isin(edited)]
    days = [np.busday_count(a, b) for a, b in zip(rows["collected_on"], rows["reported_on"], strict=True)]
    assert (min(days), max(days)) == (6, 14)
