"""When the planned number will be reached if enrolment goes on as in the last full months."""

import datetime as dt
import math
from dataclasses import dataclass

import pandas as pd

from dashboard.figures.enrolment.request import EnrolmentRequest
from dashboard.figures.figure import Figure, footer_of
from dashboard.figures.overview.accrual import SQL, accrual_months
from dashboard.figures.registry import registered
from dashboard.stats.waiting import waiting_interval
from dashboard.store.reader import Reader
from dashboard.tables.formats import format_date

METHOD = (
    "The rate is that of the last {months} full calendar months, patients divided by days; of fewer months "
    "where the study is younger, never fewer than {fewest}. Enrolment is taken as a Poisson process of that "
    "rate. The 95 % prediction interval holds the chance of coming enrolments and the uncertainty of the "
    "rate (conditional method; Nelson 1970, IEEE Transactions on Reliability R-19:42; EnvStats "
    "predIntPois). It does not know of sites that open or close, of holidays, or of a trend."
)
FURTHEST_DAYS = 3652


@dataclass(frozen=True, kw_only=True)
class Window:
    """The full months that give the rate: first and last day, their days, and patients enrolled in them."""

    first: dt.date
    last: dt.date
    n_months: int
    enrolled: int

    @property
    def days(self) -> int:
        """Days of the window, both ends counted."""
        return (self.last - self.first).days + 1


@registered("enrolment_projection", writes_rows=True)
def enrolment_projection(reader: Reader, request: EnrolmentRequest) -> Figure:
    """One row with rate and days until the planned number, or none and the caption says why."""
    months = accrual_months(reader.rows(SQL), request=request.accrual, cut_off=reader.snapshot.cut_off)
    rows, caption = projection(months, request=request, cut_off=reader.snapshot.cut_off)
    return Figure(
        rows=rows,
        spec={},
        table=rows,
        caption=caption,
        method=METHOD.format(months=request.rate_months, fewest=request.fewest_months),
        footer=footer_of(reader.snapshot),
    )


def projection(
    months: pd.DataFrame, *, request: EnrolmentRequest, cut_off: dt.date
) -> tuple[pd.DataFrame, str]:
    """The numbers and the sentence. `months` is the frame of `accrual_months`.

    Columns enrolled, target, window_first, window_last, window_days, window_enrolled, expected_on, lower_on,
    upper_on; no row where nothing is projected.
    """
    enrolled = int(months["enrolled"].sum())
    window = rate_window(months, request=request, cut_off=cut_off)
    withheld = _withheld(enrolled, window, request=request, cut_off=cut_off)
    if withheld or window is None:
        return pd.DataFrame(), withheld
    found = waiting_interval(window.enrolled, window.days, more=request.target - enrolled)
    row = {
        "enrolled": enrolled,
        "target": request.target,
        "window_first": window.first,
        "window_last": window.last,
        "window_days": window.days,
        "window_enrolled": window.enrolled,
        "expected_on": _after(cut_off, found.expected),
        "lower_on": _after(cut_off, found.lower),
        "upper_on": _after(cut_off, found.upper),
    }
    return pd.DataFrame([row]), _words(row, closes=request.closes, n_months=window.n_months)


def rate_window(months: pd.DataFrame, *, request: EnrolmentRequest, cut_off: dt.date) -> Window | None:
    """The last full months on or before the data cut that lie after the study opened; None without one."""
    next_day = cut_off + dt.timedelta(days=1)
    ended = next_day.replace(day=1) - dt.timedelta(days=1)
    opens = request.accrual.opens
    first_full = opens if opens.day == 1 else (opens.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    full = months[(months["month"] >= first_full) & (months["month"] <= ended)].tail(request.rate_months)
    if full.empty:
        return None
    return Window(
        first=full["month"].iloc[0], last=ended, n_months=len(full), enrolled=int(full["enrolled"].sum())
    )


def _withheld(enrolled: int, window: Window | None, *, request: EnrolmentRequest, cut_off: dt.date) -> str:
    """Why nothing is projected; empty where something is."""
    if enrolled >= request.target and request.is_all_sites:
        return f"No projection: the planned {request.target} are enrolled ({enrolled})."
    if request.closes is not None and cut_off > request.closes:
        return f"No projection: enrolment closed on {format_date(request.closes)} with {enrolled}."
    if not request.is_all_sites:
        return "No projection: the planned number is for all sites together."
    if window is None or window.n_months < request.fewest_months:
        n = 0 if window is None else window.n_months
        return f"No projection yet: {n} full months of enrolment, {request.fewest_months} are needed."
    if window.enrolled == 0:
        return f"No projection: nobody enrolled since {format_date(window.first)}."
    return ""


def _after(cut_off: dt.date, days: float) -> dt.date | None:
    """The day on which the waiting ends; None where that is more than ten years away."""
    return None if days > FURTHEST_DAYS else cut_off + dt.timedelta(days=math.ceil(days))


def _words(row: dict[str, object], *, closes: dt.date | None, n_months: int) -> str:
    lower, upper, expected = (row[name] for name in ("lower_on", "upper_on", "expected_on"))
    said = (
        f"At the rate of the last {n_months} full months ({row['window_enrolled']} enrolled) the planned "
        f"{row['target']} are reached on about **{_day(expected)}** (95 % prediction interval {_day(lower)} "
        f"to {_day(upper)})."
    )
    return said if closes is None else f"{said} {_closing(closes, lower=lower, upper=upper)}"


def _closing(closes: dt.date, *, lower: object, upper: object) -> str:
    named = f"The planned closing day, {format_date(closes)},"
    if not isinstance(lower, dt.date) or closes < lower:
        return f"{named} lies before the whole interval."
    if isinstance(upper, dt.date) and closes >= upper:
        return f"{named} lies after the whole interval."
    return f"{named} lies inside the interval."


def _day(day: object) -> str:
    return format_date(day) if isinstance(day, dt.date) else "more than ten years away"
