"""Patients by items: what each cell says of its records, and the counts by item, by site and in all."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

DONE, PARTIAL, MISSING, REASON, NOT_DUE, NOT_EXPECTED = (
    "DONE",
    "PARTIAL",
    "MISSING",
    "REASON",
    "NOT_DUE",
    "NOT_EXPECTED",
)
STATES = {
    DONE: "Done",
    PARTIAL: "Partial",
    MISSING: "Missing",
    REASON: "Missing, reason recorded",
    NOT_DUE: "Not due",
    NOT_EXPECTED: "Not expected",
}
# What should be there by the data cut: these make the denominator of the share done.
EXPECTED = (DONE, PARTIAL, MISSING, REASON)
COUNTS = {DONE: "n_done", MISSING: "n_missing", REASON: "n_reason", NOT_DUE: "n_not_due"}
CELL_COLUMNS = ["patient_id", "site_id", "item", "state", *COUNTS.values()]


@dataclass(frozen=True)
class Item:
    """One thing asked of patients: its key in the data, its name, its group on the page."""

    key: str
    label: str
    group: str


def cell_state(*, n_done: int, n_missing: int, n_reason: int, n_not_due: int) -> str:
    """The state of a cell from its records.

    Nothing missing: done with one done, else not due with one to come, else not expected. Something
    missing: partial with one done, else missing with one that has no reason, else missing with a reason.

    >>> cell_state(n_done=5, n_missing=1, n_reason=0, n_not_due=1)
    'PARTIAL'
    """
    if n_missing + n_reason == 0:
        return DONE if n_done else NOT_DUE if n_not_due else NOT_EXPECTED
    if n_done:
        return PARTIAL
    return MISSING if n_missing else REASON


def completeness_cells(
    records: pd.DataFrame, *, patients: pd.DataFrame, items: tuple[str, ...]
) -> pd.DataFrame:
    """One row per patient and item with its state and the number of records behind it (CELL_COLUMNS).

    `records` has patient_id, item and state; `patients` patient_id and site_id. A patient of whom an item
    asks nothing is not expected there.
    """
    counted = records.groupby(["patient_id", "item", "state"]).size().unstack("state", fill_value=0)
    counted = counted.reindex(columns=list(COUNTS), fill_value=0).rename(columns=COUNTS)
    every = pd.MultiIndex.from_product([patients["patient_id"], items], names=["patient_id", "item"])
    cells = counted.reindex(every, fill_value=0).reset_index()
    sites = patients.set_index("patient_id")["site_id"]
    states = [
        cell_state(n_done=done, n_missing=missing, n_reason=reason, n_not_due=to_come)
        for done, missing, reason, to_come in zip(*(cells[name] for name in COUNTS.values()), strict=True)
    ]
    return cells.assign(state=states, site_id=cells["patient_id"].map(sites))[CELL_COLUMNS]


def state_counts(cells: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """One row per value of `by` (item, site_id, patient_id): cells of each state, expected and records.

    Columns n_cells_<state>, n_expected (done, partial, missing, missing with a reason), n_records_done and
    n_records_expected. The six states add up to all cells.
    """
    counted = cells.groupby([by, "state"]).size().unstack("state", fill_value=0)
    counted = counted.reindex(columns=list(STATES), fill_value=0)
    summed = cells.groupby(by)[list(COUNTS.values())].sum()
    found = counted.rename(columns={code: f"n_cells_{code.lower()}" for code in STATES})
    found["n_expected"] = counted[list(EXPECTED)].sum(axis="columns")
    found["n_records_done"] = summed["n_done"]
    found["n_records_expected"] = summed["n_done"] + summed["n_missing"] + summed["n_reason"]
    return found.rename_axis(columns=None).reset_index()


def patient_order(cells: pd.DataFrame, *, by_site: bool) -> list[str]:
    """Patient ids, those with most missing cells first, then most partial; within sites where asked."""
    weights: dict[Any, int] = {MISSING: 10_000, PARTIAL: 100, REASON: 1}
    weighed = cells.assign(weight=cells["state"].map(weights).fillna(0).astype(int))
    summed = weighed.groupby("patient_id", as_index=False).agg(
        weight=("weight", "sum"), site_id=("site_id", "first")
    )
    keys = ["site_id", "weight", "patient_id"] if by_site else ["weight", "patient_id"]
    ascending = [True, False, True] if by_site else [False, True]
    return [str(one) for one in summed.sort_values(keys, ascending=ascending)["patient_id"]]
