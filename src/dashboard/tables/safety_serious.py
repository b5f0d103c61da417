"""The listing of serious adverse events in words."""

from collections.abc import Sequence

import pandas as pd

from dashboard.tables.formats import format_date
from dashboard.tables.safety import Record, first_capital

RELATIONS = {
    "RELATED": "related",
    "NOT_RELATED": "not related",
    "NOT_ASSESSABLE": "not assessable",
    "MISSING": "not recorded",
}
CRITERIA = {
    "death": "death",
    "life_threatening": "life-threatening",
    "hospitalisation": "hospitalisation",
    "disability": "disability",
    "congenital_anomaly": "congenital anomaly",
    "important_event": "important medical event",
}


def serious_table(rows: Sequence[Record]) -> pd.DataFrame:
    """One row per serious adverse event, the latest onset first."""
    return pd.DataFrame(
        [
            {
                "Patient": row["patient_id"],
                "Site": row["site_id"],
                "Adverse event": first_capital(str(row["preferred_term"])),
                "As written": row["terms_as_written"],
                "Grade": _grade(row),
                "Serious because": CRITERIA.get(str(row["serious_criterion"]), "not recorded"),
                "Onset": format_date(row["started_on"]),
                "Line": "" if row["line"] is None else str(row["line"]),
                "Day": "" if row["day_of_treatment"] is None else str(row["day_of_treatment"]),
                "Relation": _relation(row),
                "Action": _joined(row["action_taken"]),
                "Outcome": _joined(row["outcome"]),
            }
            for row in rows
        ],
        columns=[
            "Patient", "Site", "Adverse event", "As written", "Grade", "Serious because", "Onset", "Line",
            "Day", "Relation", "Action", "Outcome",
        ],
    )  # fmt: skip


def _grade(row: Record) -> str:
    if row["grade"] is not None:
        return str(row["grade"])
    return "missing" if row["is_gradable"] else "not graded"


def _relation(row: Record) -> str:
    words = RELATIONS.get(str(row["relatedness"]), "not recorded")
    return f"{words}: {row['agents']}" if row["agents"] else words


def _joined(value: object) -> str:
    return "" if value is None else str(value).replace(" | ", ", ").replace("_", " ")
