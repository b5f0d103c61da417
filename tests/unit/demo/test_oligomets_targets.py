"""Targets of the sample study pulmonary-oligomets (clinical-decisions F): counts of 22."""

import datetime as dt

import numpy as np
import pytest

from dashboard.demo.studies import CUT_OFFS
from dashboard.demo.truth import extract_at
from tests.unit.demo.measures import DAYS_PER_MONTH, Study, median_months, share_at


def starts(study: Study) -> dict[str, dt.date]:
    """First day of the first local treatment of the lung."""
    rows = study.frames["treatment"]
    rows = rows[rows["treatment_id"].str.startswith("LT")]
    return dict(rows.groupby("patient_id")["started_on"].min())


def first_day(study: Study, table: str, column: str, **wanted: object) -> dict[str, dt.date]:
    rows = study.frames[table]
    for name, value in wanted.items():
        rows = rows[rows[name] == value]
    return dict(rows.groupby("patient_id")[column].min())


def systemic_starts(study: Study) -> dict[str, dt.date]:
    return first_day(study, "treatment", "started_on", kind="systemic", intent="metastatic")


def times_to(study: Study, ends: dict[str, dt.date]) -> list[tuple[float, bool, float]]:
    return [
        ((ends.get(p, study.last_contact[p]) - start).days, p in ends, -1.0)
        for p, start in starts(study).items()
    ]


def test_twenty_two_patients_in_four_groups(oligomets):
    rows = oligomets.frames["treatment"]
    first = rows[rows["treatment_id"].str.match(r"LT\d") & (rows["intent"] == "curative")]
    begun = starts(oligomets)
    early = first[
        [(day - begun[p]).days < 60 for p, day in zip(first["patient_id"], first["started_on"], strict=True)]
    ]
    kinds = [frozenset(group) for _, group in early.groupby("patient_id")["kind"]]
    counts = {name: kinds.count(frozenset({name})) for name in ("radiotherapy", "ablation", "surgery")}
    assert counts == {"radiotherapy": 12, "ablation": 4, "surgery": 5}
    assert len(kinds) == 22


def test_who_they_are(oligomets):
    ages = oligomets.patients["age_years"].astype(int)
    assert (np.median(ages), ages.min(), ages.max()) == (pytest.approx(61, abs=1.5), 42, 75)
    assert sum(oligomets.patients["sex"] == "male") == pytest.approx(13, abs=1)
    assert sum(oligomets.characteristic("primary_site") == "rectum") == pytest.approx(11, abs=1)
    assert sum(oligomets.characteristic("kras") == "mutated") == pytest.approx(10, abs=1)
    assert sum(oligomets.characteristic("msi") == "msi_high") == 1


def test_nodules_and_their_size(oligomets):
    rows = oligomets.frames["lesion"]
    rows = rows[rows["visit"] == "screening"]
    counts = rows.groupby("patient_id").size()
    assert [sum(counts == 1), sum(counts == 2), sum(counts == 3), sum(counts >= 4)] == [12, 6, 2, 2]
    assert (rows["diameter_mm"].min(), rows["diameter_mm"].max()) == (5, 28)
    assert np.median(rows["diameter_mm"].astype(int)) == pytest.approx(11, abs=1)


def test_dose_of_radiotherapy(oligomets):
    rows = oligomets.frames["treatment"]
    rows = rows[(rows["kind"] == "radiotherapy")]
    doses = [
        float(d * (1 + d / n / 10)) for d, n in zip(rows["total_dose_gy"], rows["fractions"], strict=True)
    ]
    assert (min(doses), max(doses)) == (pytest.approx(60), pytest.approx(132))
    assert np.median(doses) == pytest.approx(100, abs=1)


def test_progression_free_at_twelve_and_twenty_four_months(oligomets):
    times = times_to(oligomets, first_day(oligomets, "response", "assessed_on", overall="pd"))
    assert share_at(times, 365) == pytest.approx(0.46, abs=0.06)
    assert share_at(times, 730) == pytest.approx(0.28, abs=0.08)


def test_systemic_free_median_is_between_fourteen_and_twenty_one_months(oligomets):
    assert 14 <= median_months(times_to(oligomets, systemic_starts(oligomets))) <= 21


def test_one_or_two_deaths_and_one_severe_toxicity(oligomets):
    assert len(oligomets.died) == 2
    assert sum(oligomets.frames["adverse_event"]["grade"] >= 3) == 1


def test_ctdna_before_local_therapy_is_detected_in_seven_with_low_levels(oligomets):
    rows = oligomets.samples[oligomets.samples["draw"] == "before local therapy"]
    found = rows[rows["status"] == "detected"]
    levels = [oligomets.highest_ppm[sample_id] / 10_000 for sample_id in found["sample_id"]]
    assert (len(rows), len(found)) == (22, 7)
    assert 0.03 <= min(levels) <= max(levels) <= 0.72
    assert np.median(levels) == pytest.approx(0.09, abs=0.02)


def test_five_of_seven_are_cleared_at_week_five(oligomets):
    before = oligomets.samples[oligomets.samples["draw"] == "before local therapy"]
    detected = set(before[before["status"] == "detected"]["patient_id"])
    week_5 = oligomets.samples[
        (oligomets.samples["draw"] == "week 5") & oligomets.samples["patient_id"].isin(detected)
    ]
    assert sum(week_5["status"] == "not_detected") == 5


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("ctdna_first", 3),
        ("imaging_first", 1),
        ("same_day", 1),
        ("treated_on_ctdna_alone", 1),
        ("no_event_yet", 1),
    ],
)
def test_the_last_data_cut_shows_every_category_of_lead_time(oligomets, name, count):
    frames = extract_at(oligomets.truth, CUT_OFFS[-1])
    begun = starts(oligomets)
    sample, response, treatment = frames["ctdna_sample"], frames["response"], frames["treatment"]
    patients = oligomets.truth.planted[name]
    assert len(patients) == count
    for patient_id in patients:
        later = [
            day
            for day, status, pid in zip(
                sample["collected_on"], sample["status"], sample["patient_id"], strict=True
            )
            if pid == patient_id and status == "detected" and (day - begun[patient_id]).days > 60
        ]
        progressed = list(
            response[(response["patient_id"] == patient_id) & (response["overall"] == "pd")]["assessed_on"]
        )
        drugs = treatment[(treatment["patient_id"] == patient_id) & (treatment["line"] == 1)]
        gap = (min(progressed) - min(later)).days if progressed and later else None
        expected = {
            "ctdna_first": gap is not None and gap > 14,
            "imaging_first": bool(progressed) and (gap is None or gap < -14),
            "same_day": gap == 0,
            "treated_on_ctdna_alone": bool(later)
            and not progressed
            and list(drugs["start_reason"]) == ["ctdna_detection"],
            "no_event_yet": not later and not progressed,
        }
        assert expected[name], patient_id


def test_the_planted_ineligible_patients(oligomets):
    patient = oligomets.patients.loc[oligomets.truth.planted["ineligible_ned_interval"][0]]
    assert (patient["oligometastatic_on"] - patient["ned_on"]).days / DAYS_PER_MONTH == pytest.approx(
        5.9, abs=0.1
    )
    values = oligomets.frames["measurement"]
    cea = values[(values["name"] == "cea") & (values["visit"] == "screening")].set_index("patient_id")[
        "value"
    ]
    assert float(cea[oligomets.truth.planted["ineligible_cea"][0]]) == 52
    assert sum(cea >= 50) == 1
    assert np.median(cea.astype(float)) == pytest.approx(3.4, abs=0.3)


def test_two_draws_lie_within_four_weeks_of_an_operation(oligomets):
    begun = starts(oligomets)
    for patient_id in oligomets.truth.planted["draw_soon_after_surgery"]:
        rows = oligomets.samples[
            (oligomets.samples["patient_id"] == patient_id) & (oligomets.samples["draw"] == "week 5")
        ]
        assert 0 < (rows["collected_on"].iloc[0] - begun[patient_id]).days <= 28


def test_the_interval_to_the_lung_lesions_has_a_median_of_fifteen_months(oligomets):
    days = [
        (found - ned).days
        for found, ned in zip(
            oligomets.patients["oligometastatic_on"], oligomets.patients["ned_on"], strict=True
        )
    ]
    months = sorted(number / DAYS_PER_MONTH for number in days)
    assert np.median(months) == pytest.approx(15, abs=1)
    # The shortest is the planted one that is not eligible.
    assert [months[0], months[-1]] == pytest.approx([5.9, 46], abs=0.3)
    assert months[1] >= 6.4


def test_first_relapses_lie_in_the_lung_more_often_than_in_the_field_or_elsewhere(oligomets):
    rows = oligomets.frames["response"]
    firsts = rows[rows["overall"] == "pd"].sort_values("assessed_on").groupby("patient_id").first()
    shares = firsts["progression_pattern"].value_counts(normalize=True)
    assert shares["new_lung_up_to_5"] + shares["new_lung_over_5"] == pytest.approx(0.60, abs=0.1)
    assert shares["in_field"] == pytest.approx(0.15, abs=0.1)
    assert shares["extrathoracic"] == pytest.approx(0.25, abs=0.12)
