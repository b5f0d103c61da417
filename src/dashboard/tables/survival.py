"""Numbers of the survival page in words: medians, shares at months, hazard ratios, variants."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.rules import sentence
from dashboard.tables.formats import NOTHING
from dashboard.tables.shares import per_cent

Interval = tuple[float | None, float | None, float | None]
WITHHELD: Interval = (None, None, None)
NOT_REACHED = "not reached"
NOT_SHOWN = "not shown"
MEDIAN = "Median, months (95 % CI)"
COMPETES = "not given: another event competes"
SMALL_ANALYSIS = "small analysis"
TOO_SMALL = "No hazard ratio: too few patients for a comparison."
HEADINGS = {
    "row": "Where",
    "group": "Group",
    "what_happened": "What happened",
    "months": "Months",
    "at_risk": "At risk",
    "events": "Events",
    "other_events": "Other events",
    "censored": "Censored",
    "not_yet_entered": "Not yet entered",
    "free_of_event_percent": "Free of the event, %",
    "incidence_percent": "Had it by then, %",
    "lower_percent": "95 % from",
    "upper_percent": "95 % to",
    "is_dimmed": "Dimmed",
}


@dataclass(frozen=True, kw_only=True)
class AtMonth:
    """The share free of the event at a month; `is_shown` is false where too few are still followed."""

    month: int
    share: float | None
    lower: float | None
    upper: float | None
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class GroupNumbers:
    """What is known of one group; times in months, None where not reached or not estimable.

    `is_unbounded` says that a median is withheld because it has no upper limit in a group of few.
    `follow_up` is median, lower and upper by reverse Kaplan-Meier, `span` the shortest and the longest time;
    `restricted` is the mean time free of the event within `until` months, with its standard error.
    """

    group: str
    n: int
    n_event: int
    median: float | None
    lower: float | None
    upper: float | None
    is_median_shown: bool
    is_unbounded: bool = False
    has_competing: bool = False
    at: tuple[AtMonth, ...] = ()
    follow_up: Interval = WITHHELD
    is_follow_up_shown: bool = True
    span: tuple[float, float] | None = None
    restricted: tuple[float | None, float | None] = (None, None)
    until: int | None = None

    @property
    def median_words(self) -> tuple[str, str]:
        """Median and its interval, or why there is none (A29)."""
        if self.has_competing:
            return COMPETES, NOTHING
        if not self.is_median_shown:
            why = "no upper limit, " if self.is_unbounded else ""
            return f"not estimable ({why}{events_words(self.n_event)})", NOTHING
        if self.median is None and self.lower is None:
            return NOT_REACHED, NOTHING
        return months_words(self.median), interval_words(self.lower, self.upper)

    @property
    def restricted_mean(self) -> Interval:
        """The restricted mean with its normal 95 % limits; withheld as the median is, and without limits."""
        mean, error = self.restricted
        if mean is None or error is None or not self.is_median_shown:
            return WITHHELD
        return mean, mean - 1.959964 * error, mean + 1.959964 * error

    def measures(self, *, counts_only_below: int) -> Iterator[Mapping[str, object]]:
        """The numbers as rows of a file; what is not shown is empty, as are shares of few patients."""
        own: dict[str, object] = {"group": self.group, "n": self.n, "events": self.n_event}
        median = (self.median, self.lower, self.upper) if self.is_median_shown else WITHHELD
        yield own | _values("median_months", median)
        for one in self.at:
            is_shown = one.is_shown and self.n >= counts_only_below
            shares = (one.share, one.lower, one.upper) if is_shown else WITHHELD
            yield own | _values("free_of_event", shares) | {"month": one.month}
        follow_up = self.follow_up if self.is_follow_up_shown else WITHHELD
        yield own | _values("median_follow_up_months", follow_up)
        yield own | _values("restricted_mean_months", self.restricted_mean) | {"month": self.until}


@dataclass(frozen=True, kw_only=True)
class RatioWords:
    """A hazard ratio against a reference, or the rule that withholds it."""

    group: str
    reference: str
    n_event: int
    n_event_reference: int
    estimate: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    departs: bool | None
    withheld: str | None

    @property
    def words(self) -> str:
        """The ratio with its interval: 2.63 (1.90–3.63)."""
        if self.estimate is None or self.lower is None or self.upper is None:
            return NOTHING
        p = f", p {p_words(self.p_value)}" if self.p_value is not None else ""
        return f"{self.estimate:.2f} ({self.lower:.2f}–{self.upper:.2f}){p}"

    @property
    def is_small(self) -> bool:
        """Whether the whole analysis has too few patients to compare."""
        return self.withheld == SMALL_ANALYSIS

    def measure(self) -> Mapping[str, object]:
        """The ratio as a row of a file; empty where withheld."""
        own: dict[str, object] = {"group": f"{self.group} against {self.reference}"}
        own["events"] = self.n_event + self.n_event_reference
        return own | _values("hazard_ratio", (self.estimate, self.lower, self.upper))


def _values(measure: str, found: Interval) -> dict[str, object]:
    return {"measure": measure, "value": found[0], "lower": found[1], "upper": found[2]}


def p_words(p_value: float) -> str:
    """A p value as it follows the letter: = 0.021, < 0.001."""
    return "< 0.001" if p_value < 0.001 else f"= {p_value:.3f}"


def months_words(months: float | None) -> str:
    """A time in months with one decimal, or that it is not reached."""
    return NOT_REACHED if months is None or not math.isfinite(months) else f"{months:.1f}"


def interval_words(lower: float | None, upper: float | None) -> str:
    """An interval of months: 22.9 – not reached."""
    return f"{months_words(lower)} – {months_words(upper)}"


def follow_up_words(numbers: GroupNumbers, *, counts_only_below: int = 0) -> tuple[str, str]:
    """The median follow-up and what it rests on; of few patients without an upper limit the range alone."""
    median, lower, upper = numbers.follow_up
    source = "reverse Kaplan–Meier"
    span = "" if numbers.span is None else f"range {numbers.span[0]:.1f}–{numbers.span[1]:.1f} months, "
    if numbers.is_follow_up_shown:
        unit = "" if median is None else " months"
        of_few = span if numbers.n < counts_only_below else ""
        said = f"{months_words(median)}{unit}"
        return said, f"95 % CI {interval_words(lower, upper)}, {of_few}{source}"
    return "not estimable", f"{span}{source} without an upper limit"


def events_words(n: int) -> str:
    """A count of events: 1 event, 4 events."""
    return f"{n} event" if n == 1 else f"{n} events"


def numbers_table(numbers: Sequence[GroupNumbers], *, counts_only_below: int) -> pd.DataFrame:
    """One row per group: n, events, median with interval, the share at each month."""
    rows = []
    for one in numbers:
        median, interval = one.median_words
        row = {"Group": one.group, "n": str(one.n), "Events": str(one.n_event)}
        row |= {"Median, months": median, "95 % CI": interval}
        for at in one.at:
            row[f"{at.month} months"] = share_words(at, is_counted=one.n >= counts_only_below)
        rows.append(row)
    return pd.DataFrame(rows)


def share_words(at: AtMonth, *, is_counted: bool) -> str:
    """The share free of the event with its interval: 75 % (69–81)."""
    if not at.is_shown or at.share is None or not is_counted:
        return NOT_SHOWN
    if at.lower is None or at.upper is None:
        return f"{per_cent(at.share)} %"
    return f"{per_cent(at.share)} % ({per_cent(at.lower)}–{per_cent(at.upper)})"


def not_shown_words(table: pd.DataFrame, *, counts_only_below: int, dimming: tuple[int, int, int]) -> str:
    """Why shares of `numbers_table` are not shown, with what would be needed; empty where all are.

    `dimming` are the per cent of a group at risk below which a curve is dimmed, its least and most number.
    """
    if not (table == NOT_SHOWN).any(axis=None):
        return ""
    percent, least, most = dimming
    return (
        f"Not shown: a share at a month needs {counts_only_below} patients in the group and, at risk then, "
        f"{percent} % of it (at least {least}, at most {most}); with fewer the curve is dimmed."
    )


def variants_table(rows: Sequence[tuple[str, GroupNumbers | None]]) -> pd.DataFrame:
    """One row per definition of an endpoint: n, events, median with interval (A8)."""
    found = []
    for label, one in rows:
        if one is None:
            found.append({"Definition": label, "n": "0", "Events": "0", MEDIAN: NOTHING})
            continue
        median, interval = one.median_words
        words = median if interval == NOTHING else f"{median} ({interval})"
        found.append({"Definition": label, "n": str(one.n), "Events": str(one.n_event), MEDIAN: words})
    return pd.DataFrame(found)


def proportional_words(ratios: Sequence[RatioWords]) -> str:
    """Whether one ratio holds at all times, by the check of any of the models; empty where none was made."""
    checks = [one.departs for one in ratios if one.departs is not None]
    if not checks:
        return ""
    seen = "the ratio changes over time" if any(checks) else "no departure seen"
    return f"Proportional hazards: {seen} (approximate check)."


def ratio_table(ratios: Sequence[RatioWords], *, limits: Mapping[str, int]) -> pd.DataFrame:
    """One row per group against the reference: events of both, the ratio or why there is none."""
    return pd.DataFrame(
        [
            {
                "Group": one.group,
                "Reference": one.reference,
                "Events": f"{one.n_event} against {one.n_event_reference}",
                "Hazard ratio (95 % CI)": one.words if one.withheld is None else _why(one, limits),
            }
            for one in ratios
        ]
    )


def _why(ratio: RatioWords, limits: Mapping[str, int]) -> str:
    if ratio.is_small:
        return TOO_SMALL
    return sentence(ratio.withheld or "", limits)


def restricted_table(numbers: Sequence[GroupNumbers]) -> pd.DataFrame:
    """One row per group: the mean time free of the event within a number of months."""
    rows = []
    for one in numbers:
        mean, lower, upper = one.restricted_mean
        shown = mean is not None and lower is not None and upper is not None
        words = f"{mean:.1f} ({lower:.1f}–{upper:.1f})" if shown else "not estimable"
        rows.append({"Group": one.group, f"Mean within {one.until} months (95 % CI)": words})
    return pd.DataFrame(rows)


def shown_table(table: pd.DataFrame) -> pd.DataFrame:
    """The points of a drawing as they stand on the page: one decimal, a dash where there is nothing."""
    return table.map(_cell).rename(columns=HEADINGS)


def _cell(value: Any) -> str:
    if value is None or pd.isna(value):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
