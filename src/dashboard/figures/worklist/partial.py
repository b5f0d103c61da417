"""Which dates of the worklist are recorded to the month or year only (A38)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dashboard.store.reader import Reader

SQL = (Path(__file__).parent / "partial.sql").read_text(encoding="utf-8")
DRAW, IMAGING, TREATMENT = "ctdna_sample", "imaging", "treatment"
# By number of the reason: what its date is a day of, and what the date it is compared with. Number 6 says so
# itself; what is not here is the day an action is due, or the last day that was observed.
OCCURRED = {
    1: IMAGING,
    2: DRAW,
    3: DRAW,
    4: IMAGING,
    5: DRAW,
    7: DRAW,
    8: DRAW,
    9: DRAW,
    10: IMAGING,
    12: TREATMENT,
}
COMPARED = {
    1: IMAGING,
    2: IMAGING,
    3: IMAGING,
    4: DRAW,
    5: IMAGING,
    7: IMAGING,
    9: DRAW,
    10: IMAGING,
    11: IMAGING,
}
NO_IMAGING = 6
Row = Mapping[str, Any]
# "month" or "year" by patient, what it is a day of, and day.
PartialDays = Mapping[tuple[str, str, dt.date], str]


def partial_days(reader: Reader) -> PartialDays:
    """The days of everybody who may stand on the worklist that are not recorded to the day."""
    return {
        (row["patient_id"], row["subject"], row["day_on"]): row["precise_to"] for row in reader.records(SQL)
    }


def precision_of(
    partial: PartialDays, patient_id: str, subject: str | None, day: dt.date | None
) -> str | None:
    """What a date is known to, "month" or "year"; None for a whole day, and where there is no date."""
    return None if subject is None or day is None else partial.get((patient_id, subject, day))


def with_precision(rows: Iterable[Row], partial: PartialDays) -> list[Row]:
    """The reasons, one row each, with "month" or "year" beside a date that is known to that only."""
    return [{**row, **_precision(row, partial)} for row in rows]


def _precision(row: Row, partial: PartialDays) -> Row:
    number = row["reason_no"]
    occurred = OCCURRED.get(number)
    if number == NO_IMAGING:
        occurred = TREATMENT if row["detail"] == "NEVER_IMAGED" else IMAGING
    of = {
        "occurred": occurred,
        "compared": COMPARED.get(number),
        "last_imaging": IMAGING,
        "first_called": IMAGING,
    }
    return {
        f"{name}_precision": precision_of(partial, row["patient_id"], subject, row.get(f"{name}_on"))
        for name, subject in of.items()
    }
