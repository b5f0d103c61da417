"""Reasons of the enrolment page as tables that add up."""

import pandas as pd

from dashboard.tables.overview_flow import REASONS, FlowNumbers

TOTAL = "All"
SIGNS = {
    "CRITERION_NOT_MET": "enrolled, an eligibility criterion not met by the data",
    "NO_CONSENT_DATE": "enrolled, date of consent missing",
    "CONSENT_LATE": "consent after enrolment or the first sample",
    "OUTSIDE_RECRUITMENT": "enrolled outside the recruitment period",
}
SOURCES = {"recorded": "Recorded", "data": "By the data"}


def failure_table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per reason, most frequent first, a column per site where there are several, and the sum."""
    if rows.empty:
        return pd.DataFrame(columns=["Reason", TOTAL])
    wide = rows.pivot_table(index="reason", columns="site", values="n_patients", aggfunc="sum", fill_value=0)
    table = wide.astype(int).sort_index(axis="columns")
    table[TOTAL] = table.sum(axis="columns")
    table = table.sort_index(kind="stable").sort_values(TOTAL, ascending=False, kind="stable")
    table.loc[TOTAL] = table.sum()
    shown = table if wide.shape[1] > 1 else table[[TOTAL]]
    return shown.rename_axis(columns=None).rename_axis("Reason").reset_index()


def no_sample_table(rows: pd.DataFrame, *, numbers: FlowNumbers) -> pd.DataFrame:
    """One row per reason and the sum; no row where nobody is left out."""
    if rows.empty:
        return pd.DataFrame(columns=["Reason", "Patients"])
    named = [
        f"No ctDNA sampling: {words}" if words else REASONS[reason].format(**_words(numbers))
        for reason, words in zip(rows["reason"], rows["words"], strict=True)
    ]
    total = int(rows["n_patients"].sum())
    return pd.DataFrame({"Reason": [*named, TOTAL], "Patients": [*rows["n_patients"].astype(int), total]})


def _words(numbers: FlowNumbers) -> dict[str, int]:
    return {"second_draw_from_day": numbers.second_draw_from_day, "pairing_days": numbers.pairing_days}


def deviation_table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per recorded deviation and per sign in the data; a sign with nobody is shown as 0."""
    order = {sign: place for place, sign in enumerate(SIGNS)}
    ordered = sorted(
        rows.to_dict("records"),
        key=lambda row: (row["source"] == "data", order.get(row["what"], -1), -row["n"], row["what"]),
    )
    return pd.DataFrame(
        {
            "Source": [SOURCES[row["source"]] for row in ordered],
            "What": [SIGNS.get(row["what"], row["what"]) for row in ordered],
            "Patients": [int(row["n"]) for row in ordered],
        }
    )
