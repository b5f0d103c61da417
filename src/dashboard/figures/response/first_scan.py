"""Why patients have no assessment yet: the first scan of the line is still to come, or was due."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from dashboard.store.frame import as_days


@dataclass(frozen=True, kw_only=True)
class NotAssessed:
    """Patients without an assessment, of `n_started`, each in one of the counts.

    `until_days`: days of the line by which the imaging plan asks for the first scan, ascending; empty where
    the study plans none. `n_unreported`: of the `n`, a scan nobody reported a response to, calculated.
    """

    n_started: int
    n: int
    n_too_recent: int
    n_left: int
    n_due: int
    until_days: tuple[int, ...]
    n_unreported: int = 0


def not_assessed(rows: pd.DataFrame, *, cut_off: dt.date) -> NotAssessed:
    """The counts among patients who started the line.

    Read are response, else_calculated, started_on, first_scan_until and no_scan_from.

    Too recent: still followed, and the last day of the first planned scan lies on or after the data cut.
    Left: died, withdrew or left on or before that day. Everybody else had the scan due.
    """
    own = rows[rows["response"] == "MISSING"]
    until, gone, begun = (as_days(own[name]) for name in ("first_scan_until", "no_scan_from", "started_on"))
    has_left = gone.notna() & (gone <= until)
    is_too_recent = gone.isna() & (until >= pd.Timestamp(cut_off))
    days = (until - begun).dt.days.dropna()
    return NotAssessed(
        n_started=len(rows),
        n=len(own),
        n_too_recent=int(is_too_recent.sum()),
        n_left=int(has_left.sum()),
        n_due=int((~has_left & ~is_too_recent & until.notna()).sum()),
        until_days=tuple(sorted({int(day) for day in days})),
        n_unreported=int((own["else_calculated"].fillna("MISSING") != "MISSING").sum()),
    )


def not_assessed_words(found: NotAssessed) -> str:
    """For instance "Not assessed: 41 of 185. Of these 41, 28 began too recently …"; empty without any."""
    if not found.n:
        return ""
    said = f"Not assessed: {found.n} of {found.n_started}, in every denominator as not responding."
    if found.n_unreported:
        said += f" {found.n_unreported} of them had a scan to which nobody reported a response."
    if not found.until_days:
        return said
    return (
        f"{said} Of these {found.n}, {found.n_too_recent} began too recently for a first assessment (the "
        f"imaging plan asks for the first scan by day {_days(found.until_days)} of the line, which is not "
        f"past at the data cut), {found.n_left} died or left by that day, {found.n_due} had the scan due."
    )


def too_recent_words(found: NotAssessed) -> str:
    """The same in one short sentence, for the counts of best responses."""
    if not found.n_too_recent:
        return ""
    return f"Of {found.n} without an assessment, {found.n_too_recent} began too recently for a first one."


def _days(days: tuple[int, ...]) -> str:
    return str(days[0]) if len(days) == 1 else f"{days[0]} to {days[-1]}"
