"""How many records changed between two data cuts, by table."""

from collections.abc import Iterable, Mapping
from typing import Protocol

import pandas as pd

from dashboard.tables.patient_changes import KINDS

COUNTED = ("new", "corrected", "moved", "vanished")


class CountOfRows(Protocol):
    """Records of one table that changed in one way."""

    @property
    def table(self) -> str:
        """Name of the table."""

    @property
    def kind(self) -> str:
        """One of COUNTED."""

    @property
    def n_rows(self) -> int:
        """Number of records."""


def change_count_table(counts: Iterable[CountOfRows], *, titles: Mapping[str, str]) -> pd.DataFrame:
    """One row per table with a change, in the order of `titles`, and a last row that adds them up."""
    found: dict[str, dict[str, int]] = {}
    for count in counts:
        found.setdefault(count.table, dict.fromkeys(COUNTED, 0))[str(count.kind)] = count.n_rows
    rows: list[dict[str, str | int]] = [
        {"Table": title, **{KINDS[kind]: found[table][kind] for kind in COUNTED}}
        for table, title in titles.items()
        if table in found
    ]
    columns = ["Table", *(KINDS[kind] for kind in COUNTED)]
    if rows:
        total = {column: sum(int(row[column]) for row in rows) for column in columns[1:]}
        rows.append({"Table": "All", **total})
    return pd.DataFrame(rows, columns=columns)
