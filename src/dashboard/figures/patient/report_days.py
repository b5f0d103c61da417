"""Days of the one-page report: one recorded to the month or year is never named as an exact day (A38)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.tables.patient_changes_values import day_words
from dashboard.tables.patient_timeline import Clock

ABOUT = "≈ "


@dataclass(frozen=True)
class ReportClock(Clock):
    """A clock that knows which days are recorded to the "month" or "year" only."""

    partial: Mapping[dt.date, str] = field(default_factory=dict)

    def name(self, day: dt.date | None) -> str:
        """For instance "≈ Dec 2018" for a day recorded to the month, "≈ day −1499" in study time."""
        precision = None if day is None else self.partial.get(day)
        if precision is None:
            return super().name(day)
        if self.is_study_time:
            return f"{ABOUT}{super().name(day)}"
        return day_words(day, precision, clock=self)


def report_clock(clock: Clock, rows: Sequence[Mapping[str, Any]], *, subjects: Sequence[str]) -> ReportClock:
    """The clock for words about these subjects, from rows of report_partial.sql."""
    partial = {row["day_on"]: str(row["precise_to"]) for row in rows if row["subject"] in subjects}
    return ReportClock(clock.zero, clock.is_study_time, partial)
