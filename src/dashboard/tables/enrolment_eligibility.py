"""Eligibility in tables: criteria by result, readings by what they decide, patients with what is not met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.rules import sentence
from dashboard.tables.overview_eligibility import reading_name
from dashboard.tables.overview_flow import VERDICTS

RESULTS = {
    "n_met": "Met",
    "n_not_met": "Not met",
    "n_needs_ruling": "Needs a ruling",
    "n_not_judged": "Cannot be judged",
    "n_ruled": "Ruling recorded",
}
OPEN_RESULTS = {
    "FAIL": "Not met",
    "NEEDS_RULING": "Needs a ruling",
    "UNKNOWN": "Cannot be judged",
    "RULED": "Ruling recorded",
}
VERDICT_NAMES = {
    "NOT_ELIGIBLE": "Not met",
    "NEEDS_RULING": "Needs a ruling",
    "UNKNOWN": "Cannot be judged",
    "ELIGIBLE": "All met",
}
NO_MEANINGS: Mapping[tuple[str, str], str] = {}


@dataclass(frozen=True, kw_only=True)
class CriterionLine:
    """One criterion of one patient under one reading that is not simply met, as a sentence."""

    patient_id: str
    criterion: str
    result: str
    said: str


def criterion_table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per criterion that somebody enrolled does not simply meet: patients by result; they add up."""
    shown = rows[rows["n_met"] < rows["n_enrolled"]]
    table = shown[list(RESULTS)].rename(columns=RESULTS)
    table.insert(0, "Criterion", shown["criterion"] + " " + shown["label"])
    return table.assign(Enrolled=shown["n_enrolled"]).reset_index(drop=True)


def reading_table(
    rows: pd.DataFrame, *, meanings: Mapping[tuple[str, str], str] = NO_MEANINGS
) -> pd.DataFrame:
    """One row per criterion and reading with what it decides.

    `meanings` are the words of a reading by (criterion, reading).
    """
    return pd.DataFrame(
        {
            "Criterion": rows["criterion"] + " " + rows["label"],
            "Reading": [reading_name(row, meanings) for row in rows.to_dict("records")],
            "Met": rows["n_met"],
            "Not met": rows["n_failed"],
            "Not judged": rows["n_open"],
            "Ruling recorded": rows["n_ruled"],
            "Enrolled": rows["n"],
            "Decides": rows["n_decided"],
            "Eligible": rows["n_eligible"],
        }
    )


def verdict_words(rows: pd.DataFrame) -> list[str]:
    """How many of the enrolled meet all criteria, fail one, wait or cannot be judged: the parts add up."""
    enrolled = rows[rows["is_enrolled"].astype(bool)]
    counts = enrolled["verdict"].value_counts()
    said = [f"**{int(counts.get(code, 0))} of {len(enrolled)}** {words}" for code, words in VERDICTS.items()]
    n_ruled = int((enrolled["n_ruled"] > 0).sum())
    if n_ruled:
        said.append(f"**{n_ruled}** of the enrolled with a ruling of the PI about the patient on record")
    return said


def criterion_lines(records: Sequence[Mapping[str, Any]]) -> list[CriterionLine]:
    """The sentences of the rows of enrolment_criterion.sql."""
    return [
        CriterionLine(
            patient_id=str(row["patient_id"]),
            criterion=str(row["criterion"]),
            result=str(row["result_in_force"]),
            said=_said(row),
        )
        for row in records
    ]


def _said(row: Mapping[str, Any]) -> str:
    reading = f" ({row['reading']})" if row["reading"] else ""
    return f"{row['criterion']}{reading} {sentence(str(row['rule']), row)}"


def patient_table(rows: pd.DataFrame, *, lines: Sequence[CriterionLine]) -> pd.DataFrame:
    """One row per patient, those with a criterion not met first; criteria by result, then the sentences."""
    said: dict[str, list[CriterionLine]] = {}
    for line in lines:
        said.setdefault(line.patient_id, []).append(line)
    order = {code: place for place, code in enumerate(VERDICT_NAMES)}
    ordered = sorted(rows.to_dict("records"), key=lambda row: (order[row["verdict"]], row["patient_id"]))
    columns = ["Patient", "Site", "Enrolled", "Result", "Met", *OPEN_RESULTS.values(), "Why"]
    return pd.DataFrame(
        [_patient_line(row, said.get(row["patient_id"], [])) for row in ordered], columns=columns
    )


def _patient_line(row: Mapping[Any, Any], said: Sequence[CriterionLine]) -> dict[str, Any]:
    by_result = {
        title: ", ".join(dict.fromkeys(line.criterion for line in said if line.result == result))
        for result, title in OPEN_RESULTS.items()
    }
    return {
        "Patient": row["patient_id"],
        "Site": row["site_id"],
        "Enrolled": "yes" if row["is_enrolled"] else "no",
        "Result": VERDICT_NAMES[row["verdict"]],
        "Met": f"{int(row['n_met'])} of {int(row['n_criteria'])}",
        **by_result,
        "Why": " · ".join(line.said for line in said),
    }
