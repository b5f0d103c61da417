"""Response rates, best responses and duration of response as tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.studies.vocabulary import RESPONSES
from dashboard.tables.formats import NOTHING
from dashboard.tables.shares import Share, per_cent

OBJECTIVE = ("CR", "PR")
BENEFIT = ("CR", "PR", "SD", "NON-CR/NON-PD", "NED")
ORDER = ("CR", "PR", "SD", "NON-CR/NON-PD", "NED", "PD", "NE", "EQUIVOCAL", "MISSING")
# Shown with 0 as well: who reads a response table looks for these.
ALWAYS = ("CR", "PR", "SD", "PD", "NE", "MISSING")
ELSE_CALCULATED = "Else calculated from the lesions"
AFTER_LOCAL = ("NED", "PD", "NE", "MISSING")


@dataclass(frozen=True, kw_only=True)
class RateRow:
    """One response rate, in words and in a heading's words.

    `confirmed` and `n_without_later_scan` are None where confirmation does not apply. `else_calculated` also
    counts what is calculated from the lesions where nobody reported a response; None where that is not asked.
    """

    label: str
    short: str
    share: Share
    confirmed: Share | None = None
    n_without_later_scan: int | None = None
    else_calculated: Share | None = None


@dataclass(frozen=True, kw_only=True)
class DurationNumbers:
    """Duration of response in months; limits and median None = not reached.

    `is_median_shown` is false with too few events, or (`is_unbounded`) without an upper limit in a group
    of few. `n_delayed` of the `n` followed responded before they enrolled; `n_left_out` are not followed.
    `at` holds (month, share or None, lower, upper, at risk).
    """

    n: int
    n_event: int
    median: float | None
    lower: float | None
    upper: float | None
    is_median_shown: bool
    is_unbounded: bool = False
    n_delayed: int = 0
    n_left_out: int = 0
    at: tuple[tuple[int, float | None, float | None, float | None, int], ...] = ()


def share_words(share: Share, *, counts_only_below: int) -> str:
    """For instance 43 % (33–53); a dash where the group is too small for a per cent."""
    if share.n < counts_only_below or share.lower is None or share.upper is None:
        return NOTHING
    return f"{per_cent(share.k / share.n)} % ({per_cent(share.lower)}–{per_cent(share.upper)})"


def rate_table(rows: Sequence[RateRow], *, counts_only_below: int) -> pd.DataFrame:
    """One row per rate, in the order given: k / n, per cent with exact interval, the same confirmed."""
    columns: dict[str, list[str]] = {
        "Response rate": [row.label for row in rows],
        "k / n": [f"{row.share.k} / {row.share.n}" for row in rows],
        "% (95 % CI)": [share_words(row.share, counts_only_below=counts_only_below) for row in rows],
    }
    if any(row.confirmed for row in rows):
        columns["Confirmed, k / n"] = [
            f"{row.confirmed.k} / {row.confirmed.n}" if row.confirmed else NOTHING for row in rows
        ]
        columns["Confirmed, % (95 % CI)"] = [
            share_words(row.confirmed, counts_only_below=counts_only_below) if row.confirmed else NOTHING
            for row in rows
        ]
        columns["No later scan"] = [
            NOTHING if row.n_without_later_scan is None else str(row.n_without_later_scan) for row in rows
        ]
    # Only where it makes a difference: else it would repeat the rate.
    if any(row.else_calculated and row.else_calculated != row.share for row in rows):
        columns[ELSE_CALCULATED] = [
            _counted_words(row.else_calculated, counts_only_below=counts_only_below) for row in rows
        ]
    return pd.DataFrame(columns)


def _counted_words(share: Share | None, *, counts_only_below: int) -> str:
    if share is None:
        return NOTHING
    words = share_words(share, counts_only_below=counts_only_below)
    return f"{share.k} / {share.n}" if words == NOTHING else f"{share.k} / {share.n}, {words}"


def group_table(groups: Sequence[tuple[str, Sequence[RateRow]]], *, counts_only_below: int) -> pd.DataFrame:
    """One row per group: patients who started the line (the n of the last rate), then k / n and per cent."""
    rows = []
    for label, rates in groups:
        row = {"Group": label, "Patients": str(rates[-1].share.n)}
        for rate in rates:
            row[rate.short] = _counted_words(rate.share, counts_only_below=counts_only_below)
        rows.append(row)
    return pd.DataFrame(rows)


def best_response_table(
    counts: Sequence[tuple[str, pd.Series]], *, counts_only_below: int, is_after_local: bool = False
) -> pd.DataFrame:
    """One row per best response and one for all; per way of deriving it a count and its share of all.

    `counts` are a title and the response of each patient who started the line; every patient is in a row.
    """
    found = {code for _, values in counts for code in values}
    always = AFTER_LOCAL if is_after_local else ALWAYS
    codes = [code for code in ORDER if code in found or code in always]
    table = {"Best response": [RESPONSES[code].label for code in codes] + ["All"]}
    for title, values in counts:
        n = len(values)
        number = [int((values == code).sum()) for code in codes]
        cells = [*number, sum(number)]
        has_shares = n >= counts_only_below
        table[title] = [f"{one} ({per_cent(one / n)} %)" if has_shares else str(one) for one in cells]
    return pd.DataFrame(table)


def duration_table(numbers: DurationNumbers, *, median_min_events: int) -> pd.DataFrame:
    """One row per number: responders, ended, median with interval, share still in response by month."""
    rows = [
        ("Responders followed", str(numbers.n)),
        ("Progressed or died", str(numbers.n_event)),
        ("Still in response when last assessed", str(numbers.n - numbers.n_event)),
        ("Median, months (95 % CI)", median_words(numbers, median_min_events=median_min_events)),
    ]
    for month, share, lower, upper, at_risk in numbers.at:
        rows.append((f"Still in response at {month} months", _at_words(share, lower, upper, at_risk=at_risk)))
    return pd.DataFrame(rows, columns=["Duration of response", "Value"])


def _at_words(share: float | None, lower: float | None, upper: float | None, *, at_risk: int) -> str:
    if share is None:
        return f"not shown ({at_risk} still followed)"
    limits = "" if lower is None or upper is None else f" ({per_cent(lower)}–{per_cent(upper)})"
    return f"{per_cent(share)} %{limits}, {at_risk} still followed"


def median_words(numbers: DurationNumbers, *, median_min_events: int) -> str:
    """The median with its interval; not reached and not estimable are said, never a number in their place."""
    if numbers.is_unbounded:
        return "not estimable (no upper limit)"
    if not numbers.is_median_shown:
        return f"not estimable (fewer than {median_min_events} ended)"
    limits = f"{_months(numbers.lower)}–{_months(numbers.upper)}"
    if numbers.median is None:
        lower = "" if numbers.lower is None else f" (lower limit {numbers.lower:.1f})"
        return f"not reached{lower}"
    return f"{numbers.median:.1f} ({limits})"


def _months(value: float | None) -> str:
    return "not reached" if value is None else f"{value:.1f}"
