"""What is read of one patient for the lines of the header, and how its days are named."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.tables.formats import format_date
from dashboard.tables.header_words import BedWindow

Row = Mapping[str, Any]
# Of a day recorded to the "month" or "year" only: what it is a day of, and the day that stands in its place.
PartialDays = Mapping[tuple[str, dt.date], str]


@dataclass(frozen=True, kw_only=True)
class HeaderOptions:
    """The study's choices: headline of the best response (id, label), drug class, window of BED10.

    `confirmed` is the setting that asks the same with a confirming scan, None where the study has none.
    """

    headline: tuple[str, str] | None = None
    confirmed: str | None = None
    key_class: str | None = None
    window: BedWindow | None = None
    is_study_time: bool = False


@dataclass(frozen=True, kw_only=True)
class Known:
    """Rows of one patient: patient_summary, header_fact, header_lesion, endocrine_sensitivity (or none).

    `outside` are the systemic courses that belong to no line, adjuvant ones for instance; `safety` the words
    on lung toxicity and viral status, as on the sheet for the MDT; `progressions` what made each PD;
    `partial` the days not recorded to the day.
    """

    summary: Row
    facts: Sequence[Row]
    lesions: Sequence[Row] = ()
    endocrine: Row | None = None
    outside: Sequence[Row] = ()
    progressions: Sequence[Row] = ()
    safety: Sequence[str] = ()
    partial: PartialDays = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """The facts of one patient by kind and name."""

    known: Known
    options: HeaderOptions

    def of(self, kind: str) -> list[Row]:
        """Facts of a kind."""
        return [row for row in self.known.facts if row["kind"] == kind]

    def named(self, kind: str, name: str) -> Row | None:
        """The fact of a kind by its name."""
        return next((row for row in self.of(kind) if row["name"] == name), None)

    def day(self, day: dt.date | None, *, before: str = " ", of: str = "") -> str:
        """A date with what stands before it; nothing in study time, where the table has it.

        `of` says what it is a day of: one known to the month or year only is written so.
        """
        if day is None or self.options.is_study_time:
            return ""
        return f"{before}{format_date(day, precision=self.known.partial.get((of, day)))}"

    def on(self, day: dt.date | None, *, of: str = "") -> str:
        """A date in brackets."""
        return f"{self.day(day, before=' (', of=of)})" if self.day(day) else ""
