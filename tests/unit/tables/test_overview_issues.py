"""What blocks the primary result: reasons with their patients, and patients with their reasons."""

import pandas as pd

from dashboard.tables.data_load_issues import CheckWords
from dashboard.tables.overview_issues import blocking_patients, blocking_table

CHECKS = {
    "DQ04": CheckWords("Blood drawn before consent", "Consent {value_text}.", "why"),
    "DQ36": CheckWords("Planned draw overdue", "{value_text}.", "why"),
}


def issue(check_id: str, patient_id: str, found: str, *, is_systematic: bool = False) -> dict:
    return {
        "check_id": check_id,
        "issue_group": "blocks_primary",
        "is_systematic": is_systematic,
        "patient_id": patient_id,
        "table_name": "ctdna_sample",
        "row_key": f"{patient_id} | S1",
        "column_name": "collected_on",
        "value_text": found,
    }


ISSUES = pd.DataFrame(
    [
        issue("DQ04", "P2", "2025-03-04"),
        issue("DQ36", "P1", "draw 1"),
        issue("DQ36", "P1", "draw 2"),
        issue("DQ36", "P2", "draw 2"),
    ]
)


def test_the_reason_of_most_patients_stands_first_and_a_patient_counts_once_in_it():
    assert blocking_table(ISSUES, checks=CHECKS).to_dict("records") == [
        {"What blocks it": "Planned draw overdue", "Data issues": "3", "Patients": "2"},
        {"What blocks it": "Blood drawn before consent", "Data issues": "1", "Patients": "1"},
    ]


def test_a_reason_of_very_many_patients_is_one_data_issue():
    rows = pd.DataFrame([issue("DQ04", f"P{n}", "", is_systematic=True) for n in range(9)])
    assert blocking_table(rows, checks=CHECKS).to_dict("records") == [
        {"What blocks it": "Blood drawn before consent", "Data issues": "1, systematic", "Patients": "9"}
    ]


def test_a_reason_that_names_no_patient_does_not_read_as_nobody():
    rows = pd.DataFrame([{**issue("DQ04", "P1", ""), "patient_id": None}])
    assert blocking_table(rows, checks=CHECKS)["Patients"].tolist() == ["–"]


def test_each_patient_is_listed_with_the_reason_in_words_and_no_code():
    table = blocking_patients(ISSUES, checks=CHECKS)
    assert list(table["Patient"]) == ["P1", "P1", "P2", "P2"]
    assert table.iloc[2].to_dict() == {
        "Patient": "P2",
        "Reason": "Blood drawn before consent",
        "What was found": "Consent 4 Mar 2025.",
    }
    assert "DQ" not in table.to_string()
