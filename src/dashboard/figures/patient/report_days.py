"""Days beside a patient in words: one recorded to the month or year is never named as an exact day (A38)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dashboard.tables.patient_timeline import Clock

PARTIAL = (Path(__file__).parent / "report_partial.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class ReportClock(Clock):
    """A clock that knows which days are recorded to the "month" or "year" only."""

    partial: Mapping[dt.date, str] = field(default_factory=dict)

    def name(self, day: dt.date | None, precision: str | None = None) -> str:
        """For instance "≈ Dec 2018" for a day recorded to the month, "≈ day −1499" in study time."""
        return super().name(day, precision if day is None else self.partial.get(day, precision))


def report_clock(clock: Clock, rows: Sequence[Mapping[str, Any]], *, subjects: Sequence[str]) -> ReportClock:
    """The clock for words about these subjects, from rows of report_partial.sql."""
    partial = {row["day_on"]: str(row["precise_to"]) for row in rows if row["subject"] in subjects}
    return ReportClock(clock.zero, clock.is_study_time, partial)
