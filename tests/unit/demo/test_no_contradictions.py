"""What one record of a sample study says is not denied by another, but for the one patient planted for it."""

from itertools import pairwise

import pytest

from dashboard.demo.abnormal import ABNORMAL
from dashboard.demo.alterations import KNOWN
from dashboard.demo.parameters_oligomets import INTERVAL_DAYS, INTERVAL_SCATTER_DAYS
from tests.unit.demo.measures import Study

STUDIES = ("k4care", "cdk46", "oligomets")
SEQUENCED = ("EGFR", "KRAS", "NRAS", "BRAF", "BRCA1")
GRADED = {"k4care": 15, "cdk46": 450}


@pytest.fixture
def study(request: pytest.FixtureRequest) -> Study:
    return request.getfixturevalue(request.param)


every_study = pytest.mark.parametrize("study", STUDIES, indirect=True)


@every_study
def test_a_lesion_stays_where_it_is(study):
    places = study.frames["lesion"].groupby(["patient_id", "lesion_id"])[["organ", "location"]].nunique()
    assert len(places) > 20
    assert (places == 1).all().all()


def tissue_and_plasma(study: Study) -> set[tuple[str, str]]:
    """Patient and gene where the assay follows a variant that the tissue, tested for it, did not show."""
    tissue = {
        (row.patient_id, row.test): row.result
        for row in study.frames["pathology"].itertuples()
        if row.test.upper() in SEQUENCED
    }
    owner = dict(zip(study.samples["sample_id"], study.samples["patient_id"], strict=True))
    differing = set()
    for row in study.frames["variant"].itertuples():
        result = tissue.get((owner[row.sample_id], row.gene.lower()))
        expected = {"pathogenic variant": KNOWN.get(row.gene, (("", ""),))[0][0]}.get(result, f"p.{result}")
        if result is not None and row.variant != expected:
            differing.add((owner[row.sample_id], row.gene))
    return differing


def test_the_assay_follows_what_the_tissue_showed(k4care):
    assert tissue_and_plasma(k4care) == set()


def test_one_patient_is_planted_whose_assay_follows_a_kras_variant_the_tissue_did_not_show(oligomets):
    assert tissue_and_plasma(oligomets) == {("OLI-019", "KRAS")}
    assert oligomets.truth.planted["kras_differs_from_tissue"] == ["OLI-019"]


@every_study
def test_nobody_is_drawn_blood_for_the_study_before_consent(study):
    consented = study.patients["consented_on"]
    early = [
        row.patient_id for row in study.samples.itertuples() if row.collected_on < consented[row.patient_id]
    ]
    assert early == []


@every_study
def test_nobody_is_enrolled_before_the_metastases_are_known(study):
    assert (study.patients["metastatic_on"] <= study.patients["consented_on"]).all()


@pytest.mark.parametrize("study", list(GRADED), indirect=True)
def test_a_graded_event_of_the_blood_shows_in_a_value_of_its_grade_on_the_day_of_onset(study):
    edited = {edit.row_key[0] for edit in study.truth.edits if edit.table in ("adverse_event", "measurement")}
    events, blood = study.frames["adverse_event"], study.frames["measurement"]
    values = {
        (row.patient_id, row.name, row.measured_on): row.value
        for row in blood[["patient_id", "name", "measured_on", "value"]].itertuples(index=False, name="Value")
    }
    seen = []
    for row in events[events["term"].isin(ABNORMAL) & events["grade"].notna()].itertuples():
        kind = ABNORMAL[row.term]
        low, high = kind.by_grade[int(row.grade)]
        if row.patient_id not in edited:
            value = float(values[(row.patient_id, kind.name, row.started_on)])
            seen.append(low <= value <= high)
    assert len(seen) >= GRADED[study.truth.study_id]
    # The rest began while a worse event of the same value lasted.
    assert sum(seen) >= 0.98 * len(seen)


def test_every_lesion_of_a_relapse_treated_again_is_treated(oligomets):
    lesions, treatment = oligomets.frames["lesion"], oligomets.frames["treatment"]
    treated = set(treatment[["patient_id", "lesion_id"]].itertuples(index=False, name=None))
    controlled = lesions[(lesions["role"] == "treated") & lesions["lesion_id"].str.startswith("N")]
    assert len(controlled) > 0
    assert set(controlled[["patient_id", "lesion_id"]].itertuples(index=False, name=None)) <= treated


def test_surveillance_scans_lie_within_the_jitter_of_the_last_one(oligomets):
    deleted = {edit.row_key[0] for edit in oligomets.truth.edits if edit.table == "imaging"}
    gaps = []
    for patient_id, rows in oligomets.frames["imaging"].groupby("patient_id"):
        days = sorted(rows["imaged_on"])[1:]
        if patient_id not in deleted:
            gaps += [(later - earlier).days for earlier, later in pairwise(days)]
    assert len(gaps) > 60
    assert min(gaps) >= INTERVAL_DAYS - INTERVAL_SCATTER_DAYS
    assert max(gaps) <= INTERVAL_DAYS + INTERVAL_SCATTER_DAYS


@pytest.mark.parametrize("study", ["k4care", "oligomets"], indirect=True)
def test_cetuximab_is_never_given_beside_a_ras_or_braf_mutation(study):
    tests = study.frames["pathology"]
    genes = tests["test"].isin(("kras", "nras", "braf")) & (tests["result"] != "wild type")
    mutated = set(tests[genes]["patient_id"])
    treatments = study.frames["treatment"]
    treated = set(treatments[treatments["agents"].str.contains("cetuximab", na=False)]["patient_id"])
    assert len(mutated) >= 8
    assert len(treated) >= 3
    assert mutated & treated == set()


def test_trastuzumab_is_given_where_her2_is_positive_and_only_there(k4care):
    tests, treatments = k4care.frames["pathology"], k4care.frames["treatment"]
    positive = set(tests[(tests["test"] == "her2") & tests["result"].isin(("3+", "2+ ISH+"))]["patient_id"])
    treated = set(treatments[treatments["agents"].str.contains("trastuzumab", na=False)]["patient_id"])
    assert treated
    assert treated == positive
    assert len(set(treatments[treatments["agents"] == "docetaxel"]["patient_id"]) - positive) >= 5


def test_metastatic_disease_is_dated_to_the_resected_liver_metastasis_but_in_the_patient_planted(oligomets):
    treatment = oligomets.frames["treatment"]
    operated = treatment[treatment["organ"] == "liver"].groupby("patient_id")["started_on"].min()
    before = set(oligomets.characteristic("liver_metastasis_before")[lambda values: values == "yes"].index)
    assert before == {"OLI-003", "OLI-016"}
    late = {patient for patient in before if oligomets.patients["metastatic_on"][patient] > operated[patient]}
    assert sorted(late) == oligomets.truth.planted["metastatic_date_of_the_lung"] == ["OLI-003"]


def test_who_was_metastatic_at_presentation_is_so_from_the_first_diagnosis_and_nobody_else(oligomets):
    patients, said = oligomets.patients, oligomets.characteristic("metastatic_at_presentation")
    dated = set(patients[patients["metastatic_on"] == patients["primary_diagnosed_on"]].index)
    assert dated == set(said[said == "yes"].index) == {"OLI-005", "OLI-012"}


def test_visceral_disease_has_a_visceral_lesion(cdk46):
    visceral = cdk46.characteristic("visceral_disease")
    lesions = cdk46.frames["lesion"]
    organs = lesions[lesions["role"] != "new"].groupby("patient_id")["organ"].agg(set)
    assert len(organs) > 200
    without = {
        patient
        for patient, seen in organs.items()
        if visceral[patient] == "yes" and not seen & {"liver", "lung", "pleura", "brain"}
    }
    assert without == set()
