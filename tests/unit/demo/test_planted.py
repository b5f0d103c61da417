"""Every planted item is there, and every listed edit can be seen between the two extracts."""

import datetime as dt
from itertools import pairwise

import pytest

from dashboard.demo.changes import WHOLE_ROW
from dashboard.demo.studies import CUT_OFFS, STUDY_IDS, generate, planted, planted_edits
from dashboard.demo.truth import CANONICAL, extract_at
from tests.unit.demo.measures import Study

PLANTED_COUNTS = {
    "k4care": {
        "withdrawn_consent": 2,
        "unlinked_samples": 3,
        "same_line_after_progression": 2,
        "draw_soon_after_surgery": 2,
        "no_ctdna": 3,
        "no_imaging": 3,
        "dead_before_first_draw": 2,
        "only_failed_samples": 2,
        "everything_on_one_day": 1,
        "amended_report": 2,
        "clinical_progression": 3,
    },
    "cdk46": {
        "withdrawn_consent": 2,
        "same_line_after_progression": 5,
        "add_on_day_60": 2,
        "add_on_day_95": 2,
        "chemotherapy_then_maintenance": 8,
        "her2_2_without_ish": 4,
        "forty_samples": 1,
        "esr1_guided_switch": 2,
        "switch_without_progression": 3,
        "adjuvant_cdk46": 2,
        "only_failed_samples": 2,
        "everything_on_one_day": 1,
        "no_imaging": 3,
        "amended_report": 2,
    },
    "pulmonary-oligomets": {
        "ineligible_ned_interval": 1,
        "ineligible_cea": 1,
        "metastatic_date_of_the_lung": 1,
        "draw_soon_after_surgery": 2,
        "several_lesions_in_one_cell": 10,
        "second_panel": 1,
        "amended_report": 2,
    },
}
KINDS = {
    "changed_allele_fraction",
    "corrected_response",
    "deleted_scan",
    "shifted_date",
    "amended_report",
    "corrected_value",
    "new_line",
}


def systemic(study: Study, patient_id: str) -> list[tuple[int | None, str, dt.date]]:
    rows = study.frames["treatment"]
    rows = rows[(rows["patient_id"] == patient_id) & (rows["kind"] == "systemic") & (rows["line"] == 1)]
    return sorted(zip(rows["line"], rows["agents"], rows["started_on"], strict=True), key=lambda row: row[2])


@pytest.mark.parametrize("study_id", STUDY_IDS)
def test_the_registry_lists_every_planted_item(study_id):
    found = {name: len(items) for name, items in planted(study_id).items()}
    assert {name: found.get(name, 0) for name in PLANTED_COUNTS[study_id]} == PLANTED_COUNTS[study_id]


def test_one_patient_has_forty_samples(cdk46):
    counts = cdk46.samples.groupby("patient_id").size()
    assert counts[cdk46.truth.planted["forty_samples"][0]] >= 40
    assert (counts >= 40).sum() == 1


@pytest.mark.parametrize(("name", "days"), [("add_on_day_60", 60), ("add_on_day_95", 95)])
def test_the_inhibitor_was_added_to_running_endocrine_therapy(cdk46, name, days):
    for patient_id in cdk46.truth.planted[name]:
        (_, alone, first), (_, both, second) = systemic(cdk46, patient_id)[:2]
        assert (second - first).days == days
        assert alone in both
        assert "ciclib" in both


def test_chemotherapy_was_followed_by_maintenance_in_the_same_line(cdk46):
    for patient_id in cdk46.truth.planted["chemotherapy_then_maintenance"]:
        drugs = [agents for _, agents, _ in systemic(cdk46, patient_id)]
        assert drugs[0] == "capecitabine + docetaxel"
        assert "ciclib" in drugs[1]


def test_treatment_went_on_after_progression_with_one_lesion_irradiated(cdk46):
    treatment = cdk46.frames["treatment"]
    for patient_id in cdk46.truth.planted["same_line_after_progression"]:
        rows = treatment[treatment["patient_id"] == patient_id]
        progressed = dt.date.fromordinal(cdk46.assessments(1, patient_id)[-1][0])
        sbrt = rows[rows["kind"] == "radiotherapy"]["started_on"].iloc[0]
        stopped = rows[(rows["kind"] == "systemic") & (rows["line"] == 1)]["ended_on"].dropna()
        assert progressed < sbrt
        assert all(day > sbrt for day in stopped)


def test_the_same_drugs_went_on_sixty_days_after_progression_by_the_last_data_cut(k4care):
    for patient_id in k4care.truth.planted["same_line_after_progression"]:
        progressed = [
            record.values["assessed_on"]
            for record in k4care.truth.of("response", patient_id=patient_id)
            if record.values["overall"] == "pd"
        ]
        (drugs,) = k4care.truth.of("treatment", patient_id=patient_id, kind="systemic", line=1)
        assert CUT_OFFS[-1].toordinal() - min(progressed) > 60
        assert "ended_on" not in (drugs.as_of(CUT_OFFS[-1].toordinal()) or {})


def test_her2_two_plus_without_ish(cdk46):
    rows = cdk46.frames["pathology"]
    found = set(rows[(rows["test"] == "her2") & (rows["result"] == "2+ ISH missing")]["patient_id"])
    assert found == set(cdk46.truth.planted["her2_2_without_ish"])


def test_unlinked_samples_are_in_the_laboratory_files_without_a_link(k4care):
    linked = set(k4care.frames["sample_link"]["laboratory_id"])
    listed = set(k4care.truth.planted["unlinked_samples"])
    assert set(k4care.samples["laboratory_id"]) - linked == listed


@pytest.mark.parametrize("name", ["k4care", "cdk46", "oligomets"])
def test_an_amended_report_is_there_in_both_versions(request, name):
    study = request.getfixturevalue(name)
    samples = study.frames["ctdna_sample"]
    for sample_id in study.truth.planted["amended_report"]:
        assert sorted(samples[samples["sample_id"] == sample_id]["report_version"]) == [1, 2]


def test_nothing_is_written_about_a_patient_after_consent_was_withdrawn(k4care):
    rows = k4care.frames["disposition"].query("kind == 'withdrawal_of_consent'")
    contacts = k4care.frames["contact"].groupby("patient_id")["contact_on"].max()
    for patient_id, day in zip(rows["patient_id"], rows["happened_on"], strict=True):
        assert contacts[patient_id] <= day


@pytest.mark.parametrize("name", ["no_ctdna", "dead_before_first_draw"])
def test_some_patients_have_no_sample_at_all(k4care, name):
    assert not set(k4care.truth.planted[name]) & set(k4care.samples["patient_id"])


def test_some_patients_have_failed_samples_only(k4care):
    for patient_id in k4care.truth.planted["only_failed_samples"]:
        assert set(k4care.samples[k4care.samples["patient_id"] == patient_id]["status"]) == {"failed"}


def test_one_patient_has_everything_on_one_day(k4care):
    patient_id = k4care.truth.planted["everything_on_one_day"][0]
    days = {
        day
        for table, column in (
            ("treatment", "started_on"),
            ("imaging", "imaged_on"),
            ("ctdna_sample", "collected_on"),
            ("visit", "visit_on"),
            ("contact", "contact_on"),
        )
        for day in k4care.frames[table][k4care.frames[table]["patient_id"] == patient_id][column]
        if (k4care.patients["enrolled_on"][patient_id] - day).days < 60
    }
    assert days == {k4care.patients["enrolled_on"][patient_id]}


@pytest.mark.parametrize("study_id", STUDY_IDS)
def test_there_are_at_least_seven_edits_of_every_kind_between_two_data_cuts(study_id):
    for cut_off in CUT_OFFS[1:]:
        edits = [edit for edit in planted_edits(study_id) if edit.cut_off == cut_off]
        assert len({(edit.table, edit.row_key) for edit in edits}) >= 7
        assert {edit.kind for edit in edits} >= KINDS


@pytest.mark.parametrize("study_id", STUDY_IDS)
def test_every_listed_edit_is_seen_between_the_extracts(study_id):
    truth = generate(study_id)
    for before, after in pairwise(CUT_OFFS):
        earlier, later = extract_at(truth, before), extract_at(truth, after)
        for edit in (edit for edit in truth.edits if edit.cut_off == after):
            old, new = _value(earlier, edit), _value(later, edit)
            if edit.column == WHOLE_ROW:
                assert (old, new) == ("present", None), edit
            elif edit.kind in ("death", "new_line"):
                assert (old, new) == (None, edit.new), edit
            elif edit.kind == "amended_report" and edit.table == "ctdna_sample":
                assert new == 2, edit
            elif edit.column in CANONICAL[edit.table].key:
                assert (old, new) == (edit.old, None), edit
            else:
                assert (old, new) == (edit.old, edit.new), edit


def _value(frames: dict, edit: object) -> object:
    frame, key = frames[edit.table], CANONICAL[edit.table].key
    for row in frame.iloc[::-1].to_dict("records"):
        if tuple(str(row.get(name)) for name in key) == edit.row_key:
            return "present" if edit.column == WHOLE_ROW else row[edit.column]
    return None
