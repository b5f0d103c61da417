"""Eligibility in words and numbers: criteria that are not simply met, and what a ruling would decide."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

COLUMNS = {
    "n_failed_in_force": "Not met",
    "n_needs_ruling": "Needs a ruling",
    "n_unknown": "Cannot be judged",
    "n_ruled": "Ruling recorded",
    "n_contradicted": "Against answer",
}
WHERE_ANY = (COLUMNS["n_ruled"], COLUMNS["n_contradicted"])


def criteria_table(found: pd.DataFrame) -> pd.DataFrame:
    """One row per criterion that somebody enrolled does not simply meet, in the order of the protocol.

    `found` is the frame of figures.overview_eligibility. The columns of rulings and of contradictions are
    left out where there is none.
    """
    in_force = found[found["is_in_force"]]
    rows = in_force.groupby(["criterion_no", "criterion", "label"], as_index=False)[list(COLUMNS)].max()
    rows = rows[rows[list(COLUMNS)].sum(axis=1) > 0].sort_values(["criterion_no", "criterion"])
    table = rows.rename(columns=COLUMNS)
    table.insert(0, "Criterion", rows["criterion"] + " " + rows["label"])
    shown = [name for name in COLUMNS.values() if name not in WHERE_ANY or table[name].any()]
    return table[["Criterion", *shown]].reset_index(drop=True)


def readings_table(found: pd.DataFrame, *, meanings: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """One row per criterion and reading of the protocol: how many meet it, how many all criteria then.

    `meanings` are the words of a reading by (criterion, reading); criteria with one reading are left out.
    """
    rows = found[(found["reading"] != "") & found["question"].ne("")]
    several = rows[rows.groupby("criterion")["reading"].transform("nunique") > 1]
    ordered = several.sort_values(["criterion_no", "criterion", "reading"]).to_dict("records")
    lines = [
        {
            "Criterion": f"{row['criterion']} {row['label']}",
            "Reading": reading_name(row, meanings),
            "Meets it": f"{row['n_met']} of {row['n']}",
            "Meets all": f"{int(row['n_eligible'])} of {row['n']}",
        }
        for row in ordered
    ]
    return pd.DataFrame(lines, columns=["Criterion", "Reading", "Meets it", "Meets all"])


def reading_name(row: Mapping[Any, Any], meanings: Mapping[tuple[str, str], str]) -> str:
    """A reading by its letter and its words, for instance "(a) Over 10 mm."; without words the letter."""
    meaning = meanings.get((str(row["criterion"]), str(row["reading"])), "")
    return f"({row['reading']}) {meaning}".strip()


def reading_words(found: pd.DataFrame, question_id: str) -> list[str]:
    """Sentences on one open question: who meets the criterion under each reading, whom the ruling decides.

    Empty where no criterion has the readings of this question.
    """
    rows = found[(found["question"] == question_id) & (found["reading"] != "")]
    return [_criterion_words(str(criterion), part) for criterion, part in rows.groupby("criterion")]


def _criterion_words(criterion: str, part: pd.DataFrame) -> str:
    rows = part.sort_values("reading").to_dict("records")
    under = "; ".join(_under(row) for row in rows)
    n_decided = int(part["n_decided"].max())
    patients = "1 enrolled patient" if n_decided == 1 else f"{n_decided} enrolled patients"
    all_met = ", ".join(f"{int(row['n_eligible'])} under reading {row['reading']}" for row in rows)
    return f"{criterion}: {under}. The ruling decides {patients}. All criteria met: {all_met}."


def _under(row: dict[Any, Any]) -> str:
    not_judged = f", {row['n_open']} cannot be judged" if row["n_open"] else ""
    ruled = f", ruling recorded for {row['n_ruled']}" if row["n_ruled"] else ""
    return f"reading {row['reading']}, met by {row['n_met']} of {row['n']}{not_judged}{ruled}"
