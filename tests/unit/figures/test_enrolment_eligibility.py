"""Eligibility of patients on a small study: five results that add up, and what each reading decides."""

import datetime as dt

import pytest

from dashboard.figures.enrolment.eligibility import (
    EligibilityRequest,
    enrolment_criteria,
    enrolment_eligibility,
    enrolment_readings,
    enrolment_verdicts,
)
from dashboard.figures.overview.eligibility import overview_eligibility
from dashboard.tables.enrolment_eligibility import reading_table
from tests.builders import DAY_ZERO
from tests.unit.figures.readers import memory_reader


def criterion(number, name, **values):
    given = {
        "criterion_no": number,
        "criterion": name,
        "reading": "",
        "kind": "inclusion",
        "operator": "is",
        "is_in_force": True,
    }
    return given | values


def tables():
    """Four enrolled: one meets all, one is no lung cancer, one ruled on, one without a type; one failed."""
    types = {"all met": "lung", "not lung": "breast", "ruled": "gastric", "no type": None}
    patients = [
        {"patient_id": name, "enrolled_on": DAY_ZERO, "consented_on": DAY_ZERO, "tumour_type": kind}
        for name, kind in types.items()
    ]
    return {
        "study": [{}],
        "patient": [*patients, {"patient_id": "failed", "tumour_type": "breast"}],
        "criterion": [
            criterion(1, "I01", label="Lung cancer", fact="tumour_type", value="lung"),
            criterion(
                2, "I02", label="Type", question="types", reading="a", fact="tumour_type", value="lung"
            ),
            criterion(
                2,
                "I02",
                label="Type",
                question="types",
                reading="b",
                fact="tumour_type",
                value="lung | breast | gastric",
            ),
        ],
        "attestation": [
            {
                "patient_id": "ruled",
                "criterion": "I01",
                "attested_on": dt.date(2024, 1, 1),
                "answer": "ruled_eligible",
            }
        ],
    }


@pytest.fixture(scope="module")
def reader():
    return memory_reader(tables())


def test_the_five_results_of_a_criterion_add_up_to_the_enrolled(reader):
    table = enrolment_criteria(reader).table.set_index("Criterion")
    results = ["Met", "Not met", "Needs a ruling", "Cannot be judged", "Ruling recorded"]
    assert table.loc["I01 Lung cancer", [*results, "Enrolled"]].tolist() == [1, 1, 0, 1, 1, 4]
    assert table.loc["I02 Type", [*results, "Enrolled"]].tolist() == [1, 0, 2, 1, 0, 4]
    assert (table[results].sum(axis="columns") == table["Enrolled"]).all()


def test_the_counts_are_those_of_the_overview(reader):
    own = enrolment_criteria(reader).rows.set_index("criterion")
    other = (
        overview_eligibility(reader)
        .groupby("criterion")[["n_failed_in_force", "n_needs_ruling", "n_unknown"]]
        .max()
    )
    assert (
        own[["n_not_met", "n_needs_ruling", "n_not_judged"]].to_numpy().tolist() == other.to_numpy().tolist()
    )


def test_each_reading_says_whom_it_lets_in_and_how_many_the_ruling_decides(reader):
    table = enrolment_readings(reader).table
    assert list(table["Reading"]) == ["(a)", "(b)"]
    meanings = {("I02", "a"): "Over 10 mm.", ("I02", "b"): "Over 15 mm.", ("I01", "a"): "Not of this one."}
    named = reading_table(enrolment_readings(reader).rows, meanings=meanings)
    assert list(named["Reading"]) == ["(a) Over 10 mm.", "(b) Over 15 mm."]
    assert list(table["Met"]) == [1, 3]
    assert list(table["Not met"]) == [2, 0]
    assert list(table["Not judged"]) == [1, 1]
    assert list(table["Decides"]) == [2, 2]
    assert (table[["Met", "Not met", "Not judged"]].sum(axis="columns") == table["Enrolled"]).all()
    # Under reading b the patient with a ruling on I01 meets both.
    assert list(table["Eligible"]) == [1, 2]


def test_a_patient_ruled_about_is_met_under_no_reading_but_stands_apart():
    given = tables()
    # Not lung, so met under reading b alone; the ruling lets the patient in under both.
    given["attestation"] = [{**given["attestation"][0], "patient_id": "not lung", "criterion": "I02"}]
    built = memory_reader(given)
    table = enrolment_readings(built).table
    results = ["Met", "Not met", "Not judged", "Ruling recorded"]
    assert table[results].to_numpy().tolist() == [[1, 1, 1, 1], [2, 0, 1, 1]]
    assert (table[results].sum(axis="columns") == table["Enrolled"]).all()
    patients = enrolment_eligibility(built, EligibilityRequest()).table.set_index("Patient")
    # I01 fails, I02 is ruled: none of the two is met by the record.
    assert patients.loc["not lung", ["Met", "Not met", "Ruling recorded"]].tolist() == [
        "0 of 2",
        "I01",
        "I02",
    ]
    assert patients.loc["all met", "Met"] == "2 of 2"


def test_the_verdicts_of_the_enrolled_add_up_and_rulings_are_said(reader):
    rows, sentences = enrolment_verdicts(reader)
    assert len(rows) == 5
    assert [sentence.split("**")[1] for sentence in sentences] == [
        "1 of 4",
        "1 of 4",
        "1 of 4",
        "1 of 4",
        "1",
    ]


def test_a_patient_with_a_criterion_not_met_comes_first_and_the_reason_is_a_sentence(reader):
    table = enrolment_eligibility(reader, EligibilityRequest()).table.set_index("Patient")
    assert list(table.index) == ["failed", "not lung", "ruled", "no type", "all met"]
    assert table.loc["not lung", ["Enrolled", "Result", "Not met", "Needs a ruling"]].tolist() == [
        "yes",
        "Not met",
        "I01",
        "I02",
    ]
    assert "I01 Lung cancer: not met" in table.loc["not lung", "Why"]
    assert table.loc["ruled", "Ruling recorded"] == "I01"
    assert table.loc["all met", "Why"] == ""
    assert table.loc["failed", "Enrolled"] == "no"


def test_patients_of_one_verdict_and_of_one_criterion_can_be_chosen(reader):
    unknown = enrolment_eligibility(reader, EligibilityRequest(verdict="UNKNOWN"))
    assert list(unknown.table["Patient"]) == ["no type"]
    of_type = enrolment_eligibility(reader, EligibilityRequest(criterion="I02"))
    assert sorted(of_type.table["Patient"]) == ["failed", "no type", "not lung", "ruled"]
    assert set(of_type.table["Not met"]) == {""}


def test_a_study_without_criteria_has_no_rows():
    given = tables()
    del given["criterion"], given["attestation"]
    built = memory_reader(given)
    assert enrolment_verdicts(built)[0].empty
    assert enrolment_criteria(built).table.empty
    assert enrolment_readings(built).table.empty
