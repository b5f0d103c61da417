"""Enrolment by calendar month against the plan of the study."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dashboard.charts.accrual import AccrualOptions, AccrualView, accrual_chart
from dashboard.charts.theme import ThemeName
from dashboard.figures.figure import Figure, footer_of
from dashboard.figures.overview.patients import unfiltered_words
from dashboard.figures.registry import registered
from dashboard.store.reader import Reader
from dashboard.studies.schema import Recruitment
from dashboard.tables.formats import format_date
from dashboard.tables.overview_accrual import accrual_table

SQL = (Path(__file__).parent / "accrual.sql").read_text(encoding="utf-8")
METHOD = (
    "A patient counts in the calendar month of the enrolment date. The plan is the month plan of the study "
    "definition, for all sites together. Months after the data cut show the plan alone."
)


@dataclass(frozen=True, kw_only=True)
class AccrualRequest:
    """What to count. `plan` is (first day of the month, planned); empty where there is none to compare."""

    opens: dt.date
    target: int
    plan: tuple[tuple[dt.date, int], ...] = ()
    view: AccrualView = "total"
    theme: ThemeName = "light"


def accrual_request(
    recruitment: Recruitment, *, is_all_sites: bool, view: AccrualView, theme: ThemeName
) -> AccrualRequest:
    """The request of a study. The plan is for all sites, so part of the sites is not compared with it."""
    plan = [(dt.date.fromisoformat(f"{one.month}-01"), one.planned) for one in recruitment.month_plan]
    return AccrualRequest(
        opens=recruitment.opens,
        target=recruitment.target,
        plan=tuple(sorted(plan)) if is_all_sites else (),
        view=view,
        theme=theme,
    )


@registered("overview_accrual", writes_rows=True, key=("month",))
def overview_accrual(reader: Reader, request: AccrualRequest) -> Figure:
    """The figure at the reader's sites."""
    rows = reader.rows(SQL)
    months = accrual_months(rows, request=request, cut_off=reader.snapshot.cut_off)
    options = AccrualOptions(view=request.view, theme=request.theme, has_plan=bool(request.plan))
    caption = accrual_caption(months, request=request, cut_off=reader.snapshot.cut_off)
    return Figure(
        rows=months,
        spec=accrual_chart(months, options=options),
        table=accrual_table(months, has_plan=options.has_plan),
        caption=caption,
        method=METHOD,
        footer=f"{footer_of(reader.snapshot)} · {unfiltered_words(reader)}",
        alt=f"Enrolment by month. {caption} Every number is in the table.",
    )


def accrual_months(rows: pd.DataFrame, *, request: AccrualRequest, cut_off: dt.date) -> pd.DataFrame:
    """One row per month from the first of opening, plan and enrolment to the last of plan and data cut.

    Columns month, enrolled, planned, enrolled_total, planned_total; enrolled is empty after the data cut,
    planned where there is no plan.
    """
    enrolled = {
        pd.Timestamp(day).date(): int(n) for day, n in zip(rows["month"], rows["enrolled"], strict=True)
    }
    planned = dict(request.plan)
    first = min([request.opens.replace(day=1), *enrolled, *planned])
    last_counted = cut_off.replace(day=1)
    spanned = pd.period_range(first, max([last_counted, *planned]), freq="M")
    frame = pd.DataFrame({"month": [period.to_timestamp().date() for period in spanned]})
    counted = [enrolled.get(month, 0) if month <= last_counted else None for month in frame["month"]]
    frame["enrolled"] = pd.array(counted, dtype="Int64")
    frame["planned"] = pd.array(
        [planned.get(month, 0) if planned else None for month in frame["month"]], dtype="Int64"
    )
    return frame.assign(enrolled_total=frame["enrolled"].cumsum(), planned_total=frame["planned"].cumsum())


def accrual_caption(months: pd.DataFrame, *, request: AccrualRequest, cut_off: dt.date) -> str:
    """Enrolled by the data cut, and the plan by the end of the last full month."""
    enrolled = int(months["enrolled"].sum())
    said = f"{enrolled} enrolled by {format_date(cut_off)}"
    if not request.plan:
        return f"{said}."
    last = _last_full_month(cut_off)
    by_then = months[months["month"] <= last]
    if by_then.empty:
        return f"{said}. The plan begins later."
    difference = int(by_then["enrolled"].sum()) - int(by_then["planned"].sum())
    where = (
        "as planned"
        if difference == 0
        else f"{abs(difference)} {'more' if difference > 0 else 'fewer'} than planned"
    )
    return (
        f"{said}, {request.target} planned in all. By the end of {last:%b %Y}: "
        f"{int(by_then['enrolled'].sum())} enrolled, {int(by_then['planned'].sum())} planned ({where})."
    )


def _last_full_month(cut_off: dt.date) -> dt.date:
    """First day of the last month that ended on or before the data cut."""
    next_day = cut_off + dt.timedelta(days=1)
    return (next_day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
