"""Times from the start of a line in words: how many are followed, events, median with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.tables.survival import MEDIAN, GroupNumbers
from dashboard.tables.treatment import median_words

NO_LATER_LINE = "no later line recorded in any patient"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One time from the start of a line; `column` names it in files, `numbers` None: nobody followed.

    `is_without_next`: the time ends with a later line, and no patient of this one has a later line.
    """

    label: str
    column: str
    line: int | None
    numbers: GroupNumbers | None
    is_without_next: bool = False

    @property
    def median(self) -> str:
        """The median with its interval, or why there is none."""
        if self.numbers is not None and self.is_without_next:
            return NO_LATER_LINE
        return median_words(self.numbers)

    def row(self, *, n_cohort: int) -> dict[str, object]:
        """The numbers of a file; a median that is not shown is empty."""
        found = self.numbers
        is_shown = found is not None and found.is_median_shown and not self.is_without_next
        shown = found if is_shown else None
        return {
            "outcome": self.column,
            "line": self.line,
            "n_cohort": n_cohort,
            "n_followed": 0 if found is None else found.n,
            "n_events": 0 if found is None else found.n_event,
            "median_months": None if shown is None else shown.median,
            "median_lower_months": None if shown is None else shown.lower,
            "median_upper_months": None if shown is None else shown.upper,
        }


def outcomes_table(outcomes: Sequence[Outcome], *, n_cohort: int) -> pd.DataFrame:
    """One row per time and line."""
    return pd.DataFrame(
        [
            {
                "Time": one.label,
                "Followed": f"{0 if one.numbers is None else one.numbers.n} of {n_cohort}",
                "Events": str(0 if one.numbers is None else one.numbers.n_event),
                MEDIAN: one.median,
            }
            for one in outcomes
        ],
        columns=["Time", "Followed", "Events", MEDIAN],
    )
