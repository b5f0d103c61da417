"""Duration of response: Kaplan-Meier from the first response to progression or death, responders only."""

from dataclasses import dataclass, replace

import pandas as pd

from dashboard.figures.figure import Figure
from dashboard.figures.registry import registered
from dashboard.figures.response.counted import outside_rates_words
from dashboard.figures.response.patients import ResponseRequest, response_patients
from dashboard.figures.survival.of_line import titled
from dashboard.figures.survival.words import EXCLUDED_WORDS
from dashboard.stats import (
    DAYS_PER_MONTH,
    Guards,
    count_at,
    dimming_limit,
    estimate_survival,
    quantiles_of,
    risk_table,
    survival_of,
    why_no_median,
)
from dashboard.stats.guards import MEDIAN_UNBOUNDED
from dashboard.store.reader import Reader
from dashboard.tables.response import DurationNumbers, duration_table

MONTHS = (6, 12)
METHOD = (
    "{label}: from the first CR or PR to progression or death, responders only; followed to the "
    "last adequate assessment, calculated from the lesions where nobody reported a response. {entry}"
    "Kaplan–Meier with log-log intervals, in months of 30.4375 days. The "
    "median is not shown with fewer than {median_min_events} ended, nor without an upper limit of fewer "
    "than {few} responders; a share is not shown of fewer than {counts_only_below} responders, or where "
    "fewer than {limit} are still followed."
)


# Who responded before enrolling had to stay free of progression to enrol (guarantee-time bias, A8).
ENTRY = "Who responded before enrolment counts as at risk only from enrolment on. "
NOT_AT_RISK = "NOT_AT_RISK"


@dataclass(frozen=True, kw_only=True)
class DurationRequest:
    """Responders to follow, and the limits of small numbers (A29)."""

    response: ResponseRequest
    guards: Guards


@registered("response_duration")
def response_duration(reader: Reader, request: DurationRequest) -> Figure | None:
    """The numbers of the duration of response; None where the study defines no such endpoint."""
    endpoint = request.response.settings.duration
    if endpoint is None:
        return None
    patients = response_patients(reader, request.response)
    rows = patients[patients["duration_status"].notna()]
    numbers = duration_numbers(rows, guards=request.guards)
    outside = outside_rates_words(_followed(rows), left_out=request.response.settings.left_out)
    return Figure(
        rows=rows,
        spec={},
        table=duration_table(numbers, median_min_events=request.guards.median_min_events),
        caption=_caption(numbers, outside=outside),
        method=METHOD.format(
            label=titled(endpoint.label, request.response.line_words),
            entry=ENTRY if endpoint.entry else "",
            few=request.guards.small_analysis_below,
            median_min_events=request.guards.median_min_events,
            limit=dimming_limit(numbers.n, guards=request.guards),
            counts_only_below=request.guards.counts_only_below,
        ),
        footer=request.response.footer(reader),
        alt=f"Duration of response of {numbers.n} responders",
    )


def duration_numbers(rows: pd.DataFrame, *, guards: Guards) -> DurationNumbers:
    """The numbers from one row per responder: duration_status, duration_days, entry_days.

    Whose response had ended by enrolment (NOT_AT_RISK) is counted apart and not followed.
    """
    followed = _followed(rows)
    entry = followed["entry_days"].astype("float64") / DAYS_PER_MONTH
    frame = pd.DataFrame(
        {
            "months": followed["duration_days"].astype("float64") / DAYS_PER_MONTH,
            "entry": entry,
            "has_ended": followed["duration_status"] == "EVENT",
        }
    )
    counts = {"n_delayed": int((entry > 0).sum()), "n_left_out": len(rows) - len(followed)}
    if frame.empty:
        nothing = DurationNumbers(n=0, n_event=0, median=None, lower=None, upper=None, is_median_shown=False)
        return replace(nothing, n_left_out=counts["n_left_out"])
    table = risk_table(frame, time="months", event="has_ended", entry="entry")
    curve = estimate_survival(table)
    median = next(iter(quantiles_of(curve, probability=0.5).values()))
    why = why_no_median(median, guards=guards)
    return DurationNumbers(
        n=median.n,
        n_event=median.n_event,
        median=median.time,
        lower=median.lower,
        upper=median.upper,
        is_median_shown=why is None,
        is_unbounded=why == MEDIAN_UNBOUNDED,
        **counts,
        at=_at(curve, n=median.n, guards=guards),
    )


def _followed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["duration_status"] != NOT_AT_RISK]


def _at(
    curve: pd.DataFrame, *, n: int, guards: Guards
) -> tuple[tuple[int, float | None, float | None, float | None, int], ...]:
    """Share still in response at each month, withheld where too few responded or are still followed."""
    found = survival_of(curve, times=MONTHS).to_dict("records")
    counts = count_at(curve, times=MONTHS).to_dict("records")
    limit = dimming_limit(n, guards=guards)
    rows = []
    for month, estimate, count in zip(MONTHS, found, counts, strict=True):
        at_risk = int(count["at_risk"])
        is_shown = at_risk >= limit and n >= guards.counts_only_below and not pd.isna(estimate["survival"])
        limits = [None if pd.isna(estimate[name]) else float(estimate[name]) for name in ("lower", "upper")]
        share = float(estimate["survival"]) if is_shown else None
        rows.append((month, share, limits[0] if is_shown else None, limits[1] if is_shown else None, at_risk))
    return tuple(rows)


def _caption(numbers: DurationNumbers, *, outside: str) -> str:
    """`outside`: how many of those followed the response rates do not count, in words."""
    words = EXCLUDED_WORDS["ENDED_BEFORE_ENTRY"]
    left_out = f" Not followed: {numbers.n_left_out} {words}." if numbers.n_left_out else ""
    if not numbers.n:
        return f"No responder is followed on this line.{left_out}"
    still = numbers.n - numbers.n_event
    ended = f"{numbers.n_event} progressed or died"
    said = f"{numbers.n} responders: {ended}, {still} still in response when last assessed."
    delayed = f" {numbers.n_delayed} responded before they enrolled and count from enrolment on."
    return said + (f" {outside}" if outside else "") + (delayed if numbers.n_delayed else "") + left_out
