"""Patients of earlier data cuts who are not in this one: one data issue each."""

from collections.abc import Sequence
from typing import Any

from dashboard.store.query_facts import VANISHED_CHECK, withdrawn_patients
from dashboard.store.reader import Reader
from dashboard.tables.formats import format_date

TITLE = f"Patient no longer in the extract ({VANISHED_CHECK})"
PATIENTS = "select patient_id, site_id, row_key from patient order by patient_id"


def vanished_patients(reader: Reader, earlier: Sequence[Reader]) -> list[dict[str, Any]]:
    """One row per patient of an earlier data cut who is not in this one, as `query_candidates` gives them.

    The latest data cut that had the patient is named. Left out is who withdrew consent by then: those data
    may have been taken out on purpose (clinical-decisions A23).
    """
    here = {str(row["patient_id"]) for row in reader.records(PATIENTS)}
    found: dict[str, dict[str, Any]] = {}
    for before in sorted(earlier, key=lambda one: one.snapshot.cut_off):
        withdrawn = withdrawn_patients(before)
        for row in before.records(PATIENTS):
            patient_id = str(row["patient_id"])
            found.pop(patient_id, None)
            if patient_id not in here and patient_id not in withdrawn:
                found[patient_id] = _issue(row, before)
    return [found[patient_id] for patient_id in sorted(found)]


def _issue(row: dict[str, Any], before: Reader) -> dict[str, Any]:
    patient_id = str(row["patient_id"])
    day = format_date(before.snapshot.cut_off)
    return {
        "check_id": VANISHED_CHECK,
        "severity": "error",
        "issue_group": "please_check",
        "table_name": "patient",
        "row_key": str(row["row_key"]),
        "column_name": "",
        "is_systematic": False,
        "patient_id": patient_id,
        "value_text": day,
        "n_patients": 1,
        "site_id": row["site_id"],
        "title": TITLE,
        "found": f"{patient_id} was in the data cut of {day} and is not in this one.",
    }
