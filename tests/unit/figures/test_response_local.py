"""Status after local therapy: small courses that can be counted by hand."""

import datetime as dt

import pandas as pd

from dashboard.figures.response.local import local_rows
from dashboard.tables.response_local import (
    NOT_SAID,
    local_group_table,
    local_sentence,
    local_status,
    local_table,
)

# Ten patients: 5 progressed (2 in field, 1 up to 5, 1 outside, 1 not said), 1 equivocal, 3 NED, 1 unseen.
STATUS = ["PD"] * 5 + ["EQUIVOCAL"] + ["NED"] * 3 + ["MISSING"]
PATTERNS = ["in_field", "in_field", "new_lung_up_to_5", "extrathoracic", None, None, None, None, None, None]


def seen(*courses: tuple[str, int, str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "patient_id": patient,
                "assessed_on": dt.date(2025, 1, 1) + dt.timedelta(days=on),
                "response": response,
                "progression_pattern": pattern,
            }
            for patient, on, response, pattern in courses
        ]
    )


def status_of(*courses: tuple[str, int, str, str | None], patients: tuple[str, ...] = ("A",)) -> list[tuple]:
    rows = local_rows(pd.DataFrame({"patient_id": list(patients)}), seen(*courses))
    return list(zip(rows["status"], rows["progression_pattern"], strict=True))


def test_the_first_progression_counts_whatever_is_seen_after_it():
    course = [("A", 40, "NED", None), ("A", 130, "PD", "in_field"), ("A", 220, "NED", None)]
    assert status_of(*course, ("A", 310, "PD", "extrathoracic")) == [("PD", "in_field")]


def test_without_a_progression_the_last_assessment_counts():
    assert status_of(("A", 40, "NED", None), ("A", 130, "EQUIVOCAL", None)) == [("EQUIVOCAL", None)]
    assert status_of(("A", 40, "EQUIVOCAL", None), ("A", 130, "NED", None)) == [("NED", None)]


def test_an_assessment_that_says_nothing_leaves_the_one_before_it():
    assert status_of(("A", 40, "NED", None), ("A", 130, "NE", None)) == [("NED", None)]


def test_who_was_never_assessed_is_counted_too():
    found = status_of(("A", 40, "NED", None), ("B", 40, "NE", None), patients=("A", "B", "C"))
    assert found == [("NED", None), ("MISSING", None), ("MISSING", None)]


def test_the_headline_leads_with_the_progressions_by_kind():
    assert local_sentence(local_status(STATUS, PATTERNS)) == (
        "**Progression in 5 of 10 after local therapy** (in field: 2; new lung lesions, ≤ 5: 1; "
        "new lung lesions, > 5: 0; extrathoracic: 1; kind not recorded: 1). The others: 1 equivocal, "
        "3 with no evidence of disease, 1 not assessed yet or not evaluable."
    )
    assert local_sentence(local_status([], [])) == "Nobody had local therapy."


def test_the_kinds_add_up_to_the_progressions_and_the_rest_to_everybody():
    counts = local_status(STATUS, PATTERNS)
    table = local_table(counts)
    numbers = dict(zip(table["After local therapy"].str.strip(), table["Patients"], strict=True))
    assert numbers["Progression"] == "5 of 10"
    kinds = [int(numbers[words].split()[0]) for words, _ in counts.progressed]
    assert (sum(kinds), NOT_SAID in numbers) == (5, True)
    assert counts.n_progressed + counts.n_equivocal + counts.n_no_evidence + counts.n_not_assessed == 10


def test_a_kind_that_is_always_recorded_needs_no_row_for_it():
    assert NOT_SAID not in str(local_table(local_status(["PD"], ["in_field"])))


def test_each_group_has_its_own_counts():
    table = local_group_table([("Surgery", local_status(["PD", "NED"], ["in_field", None]))])
    assert table.to_dict("records") == [
        {
            "Group": "Surgery",
            "Patients": "2",
            "In field": "1",
            "New lung ≤ 5": "0",
            "New lung > 5": "0",
            "Outside chest": "0",
            "All progressed": "1",
            "Equivocal": "0",
            "No evidence of disease": "1",
            "Not assessed": "0",
        }
    ]
