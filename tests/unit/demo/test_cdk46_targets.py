"""Targets of the sample study cdk46 (clinical-decisions F); small groups pool three seeds."""

import numpy as np
import pandas as pd
import pytest

from dashboard.demo.parameters_cdk46 import INHIBITORS, NEXT_LINES
from tests.unit.demo.measures import DAYS_PER_MONTH, VALID, Study, best, median_months, share, share_at


def class_starts(study: Study) -> dict[str, object]:
    """First dose of the CDK4/6 inhibitor in line 1."""
    rows = study.frames["treatment"]
    rows = rows[(rows["line"] == 1) & rows["agents"].str.contains("ciclib", na=False)]
    return dict(rows.groupby("patient_id")["started_on"].min())


def group(study: Study, name: str, value: str) -> set[str]:
    values = study.characteristic(name)
    return set(values.index[values == value])


def line_1_times(
    studies: list[Study], name: str | None = None, value: str = ""
) -> list[tuple[float, bool, float]]:
    times = []
    for study in studies:
        wanted = group(study, name, value) if name else set(study.patients.index)
        starts = {p: s for p, s in class_starts(study).items() if p in wanted}
        times += study.progression_free(starts, 1, missed_days=150)
    return times


def line_2_times(studies: list[Study], kind: str | None = None) -> list[tuple[float, bool, float]]:
    times = []
    for study in studies:
        kinds = study.characteristic("line2_regimen")
        starts = {
            p: s for (p, line), s in study.line_starts().items() if line == 2 and kind in (None, kinds.get(p))
        }
        times += [
            (days, event, -1.0) for days, event, _ in study.progression_free(starts, 2, missed_days=150)
        ]
    return times


def draws(study: Study, label: str) -> pd.DataFrame:
    rows = study.samples[(study.samples["draw"] == label) & study.samples["status"].isin(VALID)]
    return rows.set_index("patient_id")


def first_progression(study: Study) -> dict[str, int]:
    rows = study.latent[(study.latent["line"] == 1) & (study.latent["overall"] == "pd")]
    return dict(rows.groupby("patient_id")["day"].min())


def esr1_samples(study: Study) -> set[str]:
    rows = study.frames["variant"]
    return set(rows[rows["gene"] == "ESR1"]["sample_id"])


def test_three_hundred_and_twenty_patients_from_six_sites_over_four_years(cdk46):
    enrolled = cdk46.patients["enrolled_on"]
    assert len(enrolled) == 320
    assert (min(enrolled).year, max(enrolled).strftime("%Y-%m")) == (2021, "2025-06")
    assert set(cdk46.patients["site_id"]) == {"01", "02", "03", "04", "05", "06"}


def test_two_fifths_join_on_treatment_with_a_median_of_five_months_on_the_drug(cdk46):
    months = [
        (cdk46.patients["enrolled_on"][p] - start).days / DAYS_PER_MONTH
        for p, start in class_starts(cdk46).items()
        if (cdk46.patients["enrolled_on"][p] - start).days > 7
    ]
    assert len(months) / 320 == pytest.approx(0.40, abs=0.03)
    assert np.median(months) == pytest.approx(5, abs=1)


def test_age_menopause_and_extent_of_disease(cdk46):
    ages = cdk46.patients["age_years"].astype(float)
    assert np.median(ages) == pytest.approx(54, abs=2)
    assert np.percentile(ages, [25, 75]) == pytest.approx([47, 63], abs=3)
    targets = {
        "de_novo": 0.32,
        "bone_only": 0.22,
        "visceral_disease": 0.52,
        "liver_metastases": 0.22,
        "measurable_disease": 0.72,
    }
    for name, target in targets.items():
        assert share(cdk46.characteristic(name) == "yes") == pytest.approx(target, abs=0.03), name
    assert share(cdk46.characteristic("menopausal_status") != "postmenopausal") == pytest.approx(
        0.40, abs=0.05
    )


def test_endocrine_sensitivity_and_partner(cdk46):
    kinds = cdk46.characteristic("endocrine_sensitivity").value_counts(normalize=True)
    shares = [kinds["sensitive"], kinds["secondary_resistance"], kinds["primary_resistance"]]
    assert shares == pytest.approx([0.58, 0.30, 0.12], abs=0.01)
    assert share(cdk46.characteristic("endocrine_partner") == "fulvestrant") == pytest.approx(0.32, abs=0.03)


def test_inhibitors(cdk46):
    mix = cdk46.characteristic("cdk46_inhibitor").value_counts(normalize=True)
    for name, kind in INHIBITORS.items():
        assert mix[name] == pytest.approx(kind.share, abs=0.01), name


def test_progression_free_survival_on_line_1(cdk46, cdk46_pool):
    assert median_months(line_1_times([cdk46])) == pytest.approx(23, abs=3)
    with_inhibitor = median_months(line_1_times(cdk46_pool, "endocrine_partner", "aromatase_inhibitor"))
    assert with_inhibitor == pytest.approx(26, abs=3)
    assert median_months(line_1_times(cdk46_pool, "endocrine_partner", "fulvestrant")) == pytest.approx(
        15, abs=3
    )


def test_liver_disease_and_primary_resistance_shorten_line_1(cdk46_pool):
    whole = median_months(line_1_times(cdk46_pool, "liver_metastases", "no"))
    assert median_months(line_1_times(cdk46_pool, "liver_metastases", "yes")) / whole == pytest.approx(
        0.6, abs=0.15
    )
    resistant = median_months(line_1_times(cdk46_pool, "endocrine_sensitivity", "primary_resistance"))
    assert resistant / whole == pytest.approx(0.4, abs=0.12)


def test_response_on_line_1(cdk46_pool):
    bests, benefit = [], []
    for study in cdk46_pool:
        starts = class_starts(study)
        measurable = group(study, "measurable_disease", "yes")
        for patient_id, start in starts.items():
            scans = study.assessments(1, patient_id)
            value = best(overall for _, overall in scans)
            if patient_id in measurable:
                bests.append(value in ("cr", "pr"))
            held = [day - start.toordinal() for day, overall in scans if overall != "pd"]
            benefit.append(value in ("cr", "pr") or max(held, default=0) >= 168)
    assert share(bests) == pytest.approx(0.45, abs=0.05)
    assert share(benefit) == pytest.approx(0.80, abs=0.06)


def test_overall_survival_from_line_1(cdk46_pool):
    times = []
    for study in cdk46_pool:
        for patient_id, start in class_starts(study).items():
            died = study.died.get(patient_id)
            entry = max((study.patients["enrolled_on"][patient_id] - start).days, -1)
            times.append((((died or study.last_contact[patient_id]) - start).days, died is not None, entry))
    assert share_at(times, 730) == pytest.approx(0.82, abs=0.05)
    assert 46 <= median_months(times) <= 58


def test_five_in_six_start_a_second_line(cdk46_pool):
    started = [
        p in study.line_starts().xs(2, level=1) for study in cdk46_pool for p in first_progression(study)
    ]
    assert share(started) == pytest.approx(0.83, abs=0.04)


def test_second_line_regimens(cdk46_pool):
    kinds = pd.concat([study.characteristic("line2_regimen") for study in cdk46_pool]).value_counts(
        normalize=True
    )
    for name, kind in NEXT_LINES.items():
        assert kinds[name] == pytest.approx(kind.share, abs=0.06), name


def test_progression_free_survival_on_line_2(cdk46_pool):
    assert median_months(line_2_times(cdk46_pool)) == pytest.approx(5.3, abs=0.7)
    # Medians fall on scans every twelve weeks.
    for kind, months in {
        "chemotherapy": 5.9,
        "endocrine": 2.8,
        "endocrine_targeted": 5.2,
        "cdk46_switch": 6.0,
    }.items():
        assert median_months(line_2_times(cdk46_pool, kind)) == pytest.approx(months, abs=1.0), kind


def test_the_ctdna_subset_and_its_detection(cdk46_pool):
    subset = [study.samples["patient_id"].nunique() for study in cdk46_pool]
    assert subset == pytest.approx([144] * 3, abs=4)
    incident, at_progression, before_ppm, after_ppm = [], [], [], []
    for study in cdk46_pool:
        starts, baseline, later = class_starts(study), draws(study, "baseline"), draws(study, "progression 1")
        for patient_id, row in baseline.iterrows():
            if (row["collected_on"] - starts[patient_id]).days <= 7:
                incident.append(row["status"] != "not_detected")
                before_ppm.append(study.highest_ppm.get(row["sample_id"]))
        at_progression += list(later["status"] != "not_detected")
        after_ppm += [study.highest_ppm.get(sample_id) for sample_id in later["sample_id"]]
    assert share(incident) == pytest.approx(0.76, abs=0.06)
    assert share(at_progression) == pytest.approx(0.90, abs=0.06)
    medians = [np.median([value for value in levels if value]) / 10_000 for levels in (before_ppm, after_ppm)]
    assert medians == pytest.approx([1.4, 3.0], rel=0.45)


def test_esr1_appears_under_an_aromatase_inhibitor(cdk46_pool):
    found: dict[str, list[bool]] = {"aromatase_inhibitor": [], "fulvestrant": []}
    at_baseline = []
    for study in cdk46_pool:
        partner, esr1 = study.characteristic("endocrine_partner"), esr1_samples(study)
        at_baseline += [sample_id in esr1 for sample_id in draws(study, "baseline")["sample_id"]]
        for patient_id, row in draws(study, "progression 1").iterrows():
            found[partner[patient_id]].append(row["sample_id"] in esr1)
    assert share(at_baseline) == pytest.approx(0.03, abs=0.02)
    assert 0.30 <= share(found["aromatase_inhibitor"]) <= 0.40
    assert share(found["fulvestrant"]) == pytest.approx(0.12, abs=0.06)


def test_esr1_is_first_seen_some_months_before_progression(cdk46_pool):
    leads, polyclonal = [], []
    for study in cdk46_pool:
        esr1, progressed = esr1_samples(study), first_progression(study)
        variants = study.frames["variant"]
        for patient_id, row in draws(study, "progression 1").iterrows():
            if row["sample_id"] in esr1 and patient_id in progressed:
                rows = study.samples[
                    (study.samples["patient_id"] == patient_id) & study.samples["sample_id"].isin(esr1)
                ]
                leads.append(
                    (progressed[patient_id] - min(rows["collected_on"]).toordinal()) / DAYS_PER_MONTH
                )
                here = variants[(variants["sample_id"] == row["sample_id"]) & (variants["gene"] == "ESR1")]
                polyclonal.append(len(here) > 1)
    serial = [lead for lead in leads if lead > 0.5]
    assert np.median(serial) == pytest.approx(5, abs=1.5)
    assert share(polyclonal) == pytest.approx(0.40, abs=0.15)


def test_both_panel_versions_are_used_and_some_patients_change_between_them(cdk46):
    panels = cdk46.samples.groupby("patient_id")["panel"].nunique()
    assert 3 <= (panels == 2).sum() <= 40
    limits = cdk46.samples.groupby("panel")["lod_ppm"].unique()
    assert {name: [int(v) for v in values] for name, values in limits.items()} == {
        "Breast ctDNA panel v1": [1000],
        "Breast ctDNA panel v2": [500],
    }


def test_fgfr1_is_a_copy_number_and_never_an_allele_fraction(cdk46):
    rows = cdk46.frames["variant"]
    rows = rows[rows["variant"] == "amplification"]
    assert rows["copy_number"].astype(float).min() > 4
    assert rows["maf_ppm"].isna().all()


@pytest.mark.parametrize("name", sorted(INHIBITORS))
def test_toxicity_and_dose_by_inhibitor(cdk46_pool, name):
    worst: dict[str, list[float]] = {"neutrophil count decreased": [], "diarrhoea": []}
    reduced = []
    for study in cdk46_pool:
        events, treatments = study.frames["adverse_event"], study.frames["treatment"]
        lowered = set(treatments[treatments["kind"] == "dose_reduction"]["patient_id"])
        for patient_id in group(study, "cdk46_inhibitor", name):
            reduced.append(patient_id in lowered)
            for term, grades in worst.items():
                mine = events[(events["patient_id"] == patient_id) & (events["term"] == term)]
                grades.append(max(mine["grade"].dropna(), default=0.5) if len(mine) else 0)
    kind, neutropenia = INHIBITORS[name], worst["neutrophil count decreased"]
    assert share(grade > 0 for grade in neutropenia) == pytest.approx(kind.neutropenia[0], abs=0.07)
    assert share(grade >= 3 for grade in neutropenia) == pytest.approx(sum(kind.neutropenia[1:]), abs=0.08)
    assert share(grade > 0 for grade in worst["diarrhoea"]) == pytest.approx(kind.diarrhoea[0], abs=0.1)
    assert share(reduced) == pytest.approx(kind.reduced, abs=0.08)


def test_serious_events_missing_grades_and_missing_relations(cdk46_pool):
    events = pd.concat([study.frames["adverse_event"] for study in cdk46_pool])
    serious = [
        study.frames["adverse_event"].query("is_serious == True")["patient_id"].nunique() / 320
        for study in cdk46_pool
    ]
    assert np.mean(serious) == pytest.approx(0.135, abs=0.025)
    assert share(events["grade"].isna()) == pytest.approx(0.04, abs=0.02)
    assert share(events["relatedness"].isna()) == pytest.approx(0.03, abs=0.015)


def esr1_found(pool):
    """Each ESR1 variant found with a number, with its patient, day, draw and MAF in per cent."""
    parts = []
    for number, study in enumerate(pool):
        rows = study.frames["variant"]
        rows = rows[(rows["gene"] == "ESR1") & rows["maf_ppm"].notna()]
        rows = rows.merge(study.samples[["sample_id", "patient_id", "collected_on", "draw"]], on="sample_id")
        parts.append(rows.assign(patient=rows["patient_id"] + f"/{number}"))
    found = pd.concat(parts)
    return found.assign(percent=found["maf_ppm"].astype(float) / 10_000)


def test_esr1_hotspots(cdk46_pool):
    found = esr1_found(cdk46_pool).drop_duplicates(["patient", "variant"])["variant"]
    shares = found.value_counts(normalize=True)
    assert [shares["p.D538G"], shares["p.Y537S"]] == pytest.approx([0.40, 0.30], abs=0.06)
    assert shares["p.Y537N"] + shares["p.Y537C"] == pytest.approx(0.12, abs=0.05)
    assert shares["p.E380Q"] == pytest.approx(0.12, abs=0.05)


def test_esr1_is_low_when_first_seen_and_higher_at_progression(cdk46_pool):
    found = esr1_found(cdk46_pool)
    first = found[found["collected_on"] == found.groupby("patient")["collected_on"].transform("min")]
    lowest, median, highest = np.percentile(first.groupby("patient")["percent"].max(), [10, 50, 90])
    assert 0.1 <= lowest < median == pytest.approx(0.4, abs=0.15)
    assert highest <= 2.2
    at_progression = found[found["draw"] == "progression 1"].groupby("patient")["percent"].max()
    assert np.median(at_progression) == pytest.approx(1.5, abs=0.4)


def first_days(study, term, grade=0):
    """Days from the start of line 1 to the first event of a term, by patient."""
    starts, events = study.line_starts().xs(1, level=1), study.frames["adverse_event"]
    rows = events[(events["term"] == term) & (events["grade"].astype(float).fillna(0) >= grade)]
    firsts = rows.groupby("patient_id")["started_on"].min()
    return {p: (day - starts[p]).days for p, day in firsts.items() if p in starts.index}


def test_neutropenia_and_diarrhoea_come_in_the_first_weeks(cdk46_pool):
    neutropenia, diarrhoea = [], []
    for study in cdk46_pool:
        neutropenia += first_days(study, "neutrophil count decreased", grade=2).values()
        found, under = first_days(study, "diarrhoea"), group(study, "cdk46_inhibitor", "abemaciclib")
        diarrhoea += [days for patient_id, days in found.items() if patient_id in under]
    assert np.median(neutropenia) == pytest.approx(16, abs=2)
    assert 6 <= np.median(diarrhoea) <= 8


@pytest.mark.parametrize(
    ("term", "inhibitor", "expected"),
    [
        ("alanine aminotransferase increased", "ribociclib", 0.09),
        ("alanine aminotransferase increased", "abemaciclib", 0.06),
        ("venous thromboembolism", "abemaciclib", 0.06),
        ("interstitial lung disease", "abemaciclib", 0.05),
        ("interstitial lung disease", "palbociclib", 0.01),
        ("electrocardiogram QT prolonged", "ribociclib", 0.03),
        ("blood creatinine increased", "abemaciclib", 0.20),
        ("fatigue", "palbociclib", 0.40),
        ("alopecia", "abemaciclib", 0.33),
    ],
)
def test_other_events_by_inhibitor(cdk46_pool, term, inhibitor, expected):
    had = []
    for study in cdk46_pool:
        events = study.frames["adverse_event"]
        affected = set(events[events["term"] == term]["patient_id"])
        had += [patient_id in affected for patient_id in group(study, "cdk46_inhibitor", inhibitor)]
    assert share(had) == pytest.approx(expected, abs=0.06 if expected > 0.1 else 0.025)
