"""Sentences of the overview: follow-up, ctDNA before local therapy, data issues by how loud they are."""

from dataclasses import dataclass

import pandas as pd

SEVERITIES = {
    "error": "Errors",
    "warning": "Please check",
    "information": "For information",
}
# A check that finds something in so many patients is a mapping problem (clinical-decisions A40).
SYSTEMATIC_PERCENT = 20
SYSTEMATIC_FEWEST = 5


@dataclass(frozen=True, kw_only=True)
class FollowUpNumbers:
    """How long patients are followed, in months; None where it cannot be estimated.

    `median` by reverse Kaplan-Meier, range over everybody counted; `n_followed` have had no event.
    """

    n: int
    n_died: int
    n_followed: int
    median: float | None
    lower: float | None
    upper: float | None
    shortest: float | None
    longest: float | None


def follow_up_words(numbers: FollowUpNumbers, *, median_min_events: int) -> tuple[str, str]:
    """Median follow-up with its interval, and how it was counted."""
    if not numbers.n:
        return "No follow-up yet", "No patient is under follow-up for this endpoint."
    span = f"range {numbers.shortest:.1f}–{numbers.longest:.1f} months"
    counted = (
        f"{numbers.n} patients: {numbers.n_died} died, {numbers.n_followed} followed without event; {span}"
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
        f"**{not_detected} of {n}** not detected before local therapy (not informative: a negative result "
        "does not exclude recurrence)",
        f"**{n - detected - not_detected} of {n}** no valid sample before local therapy",
    ]


def issue_table(found: pd.DataFrame, *, titles: dict[str, str], n_patients: int) -> pd.DataFrame:
    """One row per check that found something, loudest first: severity, check, data issues, patients, remark.

    `found` has check_id, severity, n_issues, n_patients. A check that concerns more than a fifth of the
    patients is probably one mapping problem, not many.
    """
    order = {severity: place for place, severity in enumerate(SEVERITIES)}
    ordered = sorted(
        found.to_dict("records"),
        key=lambda row: (order.get(row["severity"], 9), -row["n_issues"], row["check_id"]),
    )
    lines = [
        {
            "Severity": SEVERITIES.get(row["severity"], str(row["severity"])),
            "Check": f"{titles.get(row['check_id'], 'check without title')} ({row['check_id']})",
            "Data issues": int(row["n_issues"]),
            "Patients": f"{int(row['n_patients'])} of {n_patients}",
            "Remark": "systematic, probably a mapping problem"
            if is_systematic(int(row["n_patients"]), of=n_patients)
            else "",
        }
        for row in ordered
    ]
    return pd.DataFrame(lines, columns=["Severity", "Check", "Data issues", "Patients", "Remark"])


def is_systematic(n_concerned: int, *, of: int) -> bool:
    """More than a fifth of the patients, and not just a few."""
    return n_concerned >= SYSTEMATIC_FEWEST and 100 * n_concerned > SYSTEMATIC_PERCENT * of


def issue_counts(found: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Severity in words, data issues and checks, loudest first; a severity with none is there with 0."""
    return [
        (
            title,
            int(found.loc[found["severity"] == severity, "n_issues"].sum()),
            int((found["severity"] == severity).sum()),
        )
        for severity, title in SEVERITIES.items()
    ]
