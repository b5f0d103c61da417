"""Sentences of the overview: follow-up, ctDNA before local therapy, how loud a check is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from dashboard.studies.vocabulary import DEPARTURES
from dashboard.tables.formats import format_count

SEVERITIES = {
    "error": "Errors",
    "warning": "Please check",
    "information": "For information",
}


@dataclass(frozen=True, kw_only=True)
class FollowUpNumbers:
    """How long patients are followed, in months; None where it cannot be estimated.

    `median` by reverse Kaplan-Meier, range over everybody counted; `n_followed` have had no event, `left` are
    those of them no longer followed, by why (DEPARTURES).
    """

    n: int
    n_died: int
    n_followed: int
    median: float | None
    lower: float | None
    upper: float | None
    shortest: float | None
    longest: float | None
    left: Mapping[str, int] = field(default_factory=dict)


def follow_up_words(numbers: FollowUpNumbers, *, median_min_events: int) -> tuple[str, str]:
    """Median follow-up with its interval, and how it was counted."""
    if not numbers.n:
        return "No follow-up yet", "No patient is under follow-up for this endpoint."
    span = f"range {numbers.shortest:.1f}–{numbers.longest:.1f} months"
    counted = (
        f"{format_count(numbers.n, 'patient')}: {numbers.n_died} died, {numbers.n_followed} without event "
        f"when last seen{_left_words(numbers.left)}; {span}"
    )
    if numbers.n_followed < median_min_events:
        return (
            "Median not estimable",
            f"{counted}. Fewer than {median_min_events} are followed without event.",
        )
    if numbers.median is None:
        return "Median not reached", f"{counted}. Reverse Kaplan–Meier."
    interval = f"95 % CI {_bound(numbers.lower)} – {_bound(numbers.upper)}"
    return f"{numbers.median:.1f} months", f"{interval}, reverse Kaplan–Meier. {counted}."


def _left_words(left: Mapping[str, int]) -> str:
    """Who of those without event is no longer followed, for instance " (no longer followed: 3 ...)"."""
    named = ", ".join(f"{n} {DEPARTURES[code]}" for code, n in left.items())
    return f" (no longer followed: {named})" if named else ""


def _bound(value: float | None) -> str:
    return "not reached" if value is None else f"{value:.1f}"


def stale_words(n_stale: int, *, n_followed: int, days: int) -> str:
    """How many were last seen too long before the data cut; zero is said."""
    if not n_followed:
        return "Nobody is followed without event."
    verb = "was" if n_stale == 1 else "were"
    return f"{n_stale} of {n_followed} {verb} last seen more than {days} days before the data cut."


def surveillance_words(patients: pd.DataFrame) -> list[str]:
    """Detected, not detected or not sampled before local therapy (clinical-decisions A4), of all enrolled."""
    enrolled = patients[patients["enrolled_on"].notna()]
    before = enrolled["baseline_timing"] == "PRE_TREATMENT"
    not_detected = int((before & (enrolled["baseline_status"] == "not_detected")).sum())
    detected = int(before.sum()) - not_detected
    n = len(enrolled)
    return [
        f"**{detected} of {n}** ctDNA detected before local therapy (informative)",
        f"**{not_detected} of {n}** not detected before local therapy (not informative: a result of not "
        "detected does not exclude recurrence)",
        f"**{n - detected - not_detected} of {n}** no valid sample before local therapy",
    ]
