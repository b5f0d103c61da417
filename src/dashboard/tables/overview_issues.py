"""What blocks the primary result: the reasons with their patients, and the patients with their reasons."""

from collections.abc import Mapping

import pandas as pd

from dashboard.tables.data_load_issues import CheckWords, issues_table
from dashboard.tables.formats import NOTHING

COLUMNS = ("What blocks it", "Data issues", "Patients")


def blocking_table(issues: pd.DataFrame, *, checks: Mapping[str, CheckWords]) -> pd.DataFrame:
    """One row per reason, that of most patients first; one of very many patients counts as one data issue."""
    rows = []
    for check_id, own in issues.groupby("check_id"):
        words = checks.get(str(check_id))
        is_systematic = bool(own["is_systematic"].astype(bool).any())
        rows.append(
            {
                "What blocks it": words.title if words else "reason without words",
                "Data issues": "1, systematic" if is_systematic else str(len(own)),
                "Patients": own["patient_id"].nunique(),
            }
        )
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    ordered = table.sort_values(["Patients", "What blocks it"], ascending=[False, True], ignore_index=True)
    # A data issue of a whole file names no patient: nobody is not what it says.
    named = [str(n) if n else NOTHING for n in ordered["Patients"]]
    return ordered.assign(Patients=named)


def blocking_patients(issues: pd.DataFrame, *, checks: Mapping[str, CheckWords]) -> pd.DataFrame:
    """One row per data issue: patient, reason, what was found; by patient."""
    listed = issues_table(issues, checks=checks)
    listed["Reason"] = [
        checks[check].title if check in checks else "reason without words"
        for check in issues["check_id"].astype(str)
    ]
    return listed[["Patient", "Reason", "What was found"]].sort_values(
        ["Patient", "Reason"], ignore_index=True, kind="stable"
    )
